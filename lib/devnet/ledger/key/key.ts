import { proto } from "@hiero-ledger/proto";
import { LIMITS } from "../limits.ts";
import type { KeyBytes } from "../record.ts";

/** A public key, as a signature is checked against it. */
export interface SimpleKey {
  readonly kind: "ED25519" | "ECDSA_SECP256K1";
  /** 32 bytes for ED25519, 33 (compressed) for ECDSA secp256k1. */
  readonly publicKey: Uint8Array;
  /** The kind and the public key in hex, to compare and to index by. */
  readonly text: string;
}

/** A list of keys of which `threshold` must have signed; a plain key list wants all. */
export interface KeyList {
  readonly kind: "LIST";
  readonly keys: readonly Key[];
  readonly threshold: number;
}

/** A decoded Hedera key. Contract ids and RSA keys are `UNSUPPORTED`: no signature satisfies them. */
export type Key = SimpleKey | KeyList | { readonly kind: "UNSUPPORTED" };

/** Decodes a protobuf `Key`; null where it is absent or of no type. */
export function keyOf(key: proto.IKey | null | undefined): Key | null {
  if (!key) return null;
  if (key.ed25519) return simpleKey("ED25519", key.ed25519);
  if (key.ECDSASecp256k1) return simpleKey("ECDSA_SECP256K1", key.ECDSASecp256k1);
  if (key.keyList) return keyList(key.keyList, null);
  if (key.thresholdKey) return keyList(key.thresholdKey.keys, key.thresholdKey.threshold ?? 0);
  if (key.contractID || key.delegatableContractId || key.RSA_3072 || key.ECDSA_384)
    return { kind: "UNSUPPORTED" };
  return null;
}

/** A protobuf `Key` of a public key. */
export function wireKeyOf({ kind, publicKey }: SimpleKey): proto.IKey {
  return kind === "ED25519" ? { ed25519: publicKey } : { ECDSASecp256k1: publicKey };
}

/** A key of a public key's bytes. */
export function simpleKey(kind: SimpleKey["kind"], publicKey: Uint8Array): SimpleKey {
  return { kind, publicKey, text: `${kind}:${Buffer.from(publicKey).toString("hex")}` };
}

function keyList(list: proto.IKeyList | null | undefined, threshold: number | null): KeyList {
  const keys = (list?.keys ?? []).map(
    (key) => keyOf(key) ?? ({ kind: "LIST", keys: [], threshold: 0 } as const),
  );
  return { kind: "LIST", keys, threshold: threshold ?? keys.length };
}

const decoded = new WeakMap<Uint8Array, Key>();

/** Decodes the key of an entity; remembered for as long as the entity's bytes live. */
export function decodeKey(bytes: KeyBytes): Key | null {
  if (bytes === null) return null;
  let key = decoded.get(bytes);
  if (!key) {
    key = keyOf(proto.Key.decode(bytes)) ?? { kind: "LIST", keys: [], threshold: 0 };
    decoded.set(bytes, key);
  }
  return key;
}

/** The bytes under which an entity keeps a key; null for none and for a key that says "none" (an empty key list). */
export function keyBytes(key: proto.IKey | null | undefined): KeyBytes {
  return key && !isEmptyKey(keyOf(key)) ? proto.Key.encode(key).finish() : null;
}

/** Whether a key holds no public key at all, as an empty list does. */
export function isEmptyKey(key: Key | null): boolean {
  if (key === null) return true;
  if (key.kind === "UNSUPPORTED") return false;
  return key.kind === "LIST" ? key.keys.every(isEmptyKey) : key.publicKey.length === 0;
}

/** Whether a key is one that Hedera accepts: right lengths, thresholds that can be met, at most 15 levels. */
export function isValidKey(key: Key | null, level = 1): key is Key {
  if (key === null || level > LIMITS.keyLevels) return false;
  switch (key.kind) {
    case "ED25519":
      return key.publicKey.length === 32;
    case "ECDSA_SECP256K1":
      return key.publicKey.length === 33 && (key.publicKey[0] === 2 || key.publicKey[0] === 3);
    case "UNSUPPORTED":
      return true;
    case "LIST":
      return (
        key.keys.length > 0 &&
        key.threshold >= 1 &&
        key.threshold <= key.keys.length &&
        key.keys.every((child) => isValidKey(child, level + 1))
      );
  }
}

/** The public keys in a key, in order. */
export function* simpleKeys(key: Key | null): Generator<SimpleKey> {
  if (key === null || key.kind === "UNSUPPORTED") return;
  if (key.kind !== "LIST") yield key;
  else for (const child of key.keys) yield* simpleKeys(child);
}

/** How many keys a fee counts in a key. */
export function countKeys(key: Key | null): bigint {
  if (key === null) return 0n;
  if (key.kind !== "LIST") return 1n;
  return key.keys.reduce((sum, child) => sum + countKeys(child), 0n);
}

/** A key that either of two satisfies, or both together. */
export function combineKeys(keys: readonly Key[], threshold: number): Key {
  return { kind: "LIST", keys, threshold };
}

/** Whether `key` is satisfied, given which of its public keys have signed. */
export function isSatisfied(key: Key, signed: (key: SimpleKey) => boolean): boolean {
  if (key.kind === "UNSUPPORTED") return false;
  if (key.kind !== "LIST") return signed(key);
  if (key.keys.length === 0) return false;
  let missing = key.threshold;
  for (let i = 0; i < key.keys.length && missing > 0; i++) {
    const child = key.keys[i];
    if (child && isSatisfied(child, signed)) missing--;
    else if (key.keys.length - i - 1 < missing) return false;
  }
  return missing <= 0;
}
