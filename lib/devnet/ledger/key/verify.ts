import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { SimpleKey } from "./key.ts";

/** DER of `SubjectPublicKeyInfo` for ED25519, up to the 32 bytes of the key (RFC 8410). */
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");
const KEPT_KEY_OBJECTS = 10_000;
const SIGNATURE_BYTES = 64;
/** Bytes of an ED25519 public key. */
export const ED25519_KEY_BYTES = 32;

const keyObjects = new Map<string, KeyObject>();

function keyObject(key: SimpleKey): KeyObject {
  let object = keyObjects.get(key.text);
  if (!object) {
    if (keyObjects.size >= KEPT_KEY_OBJECTS) keyObjects.clear();
    object = createPublicKey({
      key: Buffer.concat([ED25519_SPKI, key.publicKey]),
      format: "der",
      type: "spki",
    });
    keyObjects.set(key.text, object);
  }
  return object;
}

/**
 * Whether `signature` is the key's over `message`: ED25519 over the bytes
 * themselves, ECDSA secp256k1 (r and s, 64 bytes, low s) over their Keccak-256.
 */
export function isSignature(key: SimpleKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  try {
    return key.kind === "ED25519"
      ? verify(null, message, keyObject(key), signature)
      : secp256k1.verify(signature, keccak_256(message), key.publicKey, { prehash: false });
  } catch {
    // A key that is not on its curve: nothing can have been signed by it.
    return false;
  }
}

/** As {@link isSignature} of an ED25519 key, checked by another thread. */
export function isEd25519SignatureAsync(
  key: SimpleKey,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return new Promise((resolve) => {
    if (signature.length !== SIGNATURE_BYTES) return resolve(false);
    try {
      verify(null, message, keyObject(key), signature, (error, valid) => resolve(!error && valid));
    } catch {
      resolve(false);
    }
  });
}

/**
 * The EVM address of an ECDSA secp256k1 public key: the last 20 bytes of the
 * Keccak-256 of its point; null where the bytes are no point of the curve.
 */
export function evmAddressOf(key: SimpleKey): Uint8Array | null {
  try {
    return keccak_256(secp256k1.Point.fromBytes(key.publicKey).toBytes(false).subarray(1)).subarray(12);
  } catch {
    return null;
  }
}
