import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { type Key, KeyList, PrivateKey, PublicKey } from "@hashgraph/sdk";
import { FestError } from "../hedera/error.ts";

/** The two kinds of key on Hedera: ED25519, and ECDSA on secp256k1. */
export type KeyType = "ED25519" | "ECDSA";

/**
 * A private key as text, with its type declared: the 32 bytes alone can't tell
 * one type from the other, so nothing here guesses.
 */
export interface KeySpec {
  readonly type: KeyType;
  /** 32 raw bytes or DER (RFC 5958, SEC 1) in hex, with or without `0x`. */
  readonly hex: string;
}

/** A public key as text. */
export interface PublicKeySpec {
  readonly type: KeyType;
  /** Raw bytes in hex: 32 for ED25519, 33 (compressed) for ECDSA. */
  readonly hex: string;
}

/** What may guard an account or a topic: one key, or `threshold` of several. */
export type KeyRule = PublicKeySpec | { readonly threshold: number; readonly keys: readonly KeyRule[] };

const DER_OID: Record<KeyType, string> = { ED25519: "06032b6570", ECDSA: "06052b8104000a" };
const RAW = /^[0-9a-f]{64}$/;
const DER = /^30[0-9a-f]{80,}$/;

/** A key that can sign. It never shows itself: printed, logged or in JSON it is its type and public key. */
export class SigningKey {
  readonly type: KeyType;
  readonly publicKey: PublicKeySpec;
  readonly #key: PrivateKey;
  /** The same ED25519 key for the runtime's own signing, 50 times as fast as the SDK's JavaScript. */
  readonly #native: KeyObject | null;

  private constructor(type: KeyType, key: PrivateKey) {
    this.type = type;
    this.#key = key;
    this.#native = type === "ED25519" ? nativeKey(key) : null;
    this.publicKey = { type, hex: key.publicKey.toStringRaw() };
  }

  /**
   * Reads a key by its declared type.
   *
   * @throws FestError `KEY_INVALID`, which doesn't quote the key
   */
  static parse(spec: KeySpec): SigningKey {
    const hex = spec.hex.trim().toLowerCase().replace(/^0x/, "");
    if (!RAW.test(hex) && !DER.test(hex)) {
      throw invalid(`a private key of ${hex.length} characters is neither 32 raw bytes nor DER in hex`);
    }
    const other: KeyType = spec.type === "ED25519" ? "ECDSA" : "ED25519";
    if (!RAW.test(hex) && !hex.includes(DER_OID[spec.type])) {
      const found = hex.includes(DER_OID[other]) ? `an ${other} key` : "a key of another kind";
      throw invalid(`the private key is declared as ${spec.type}, but its DER holds ${found}`);
    }
    try {
      return new SigningKey(
        spec.type,
        spec.type === "ED25519" ? PrivateKey.fromStringED25519(hex) : PrivateKey.fromStringECDSA(hex),
      );
    } catch {
      // The SDK's message may quote the key, so it is not kept as the cause.
      throw invalid(`the private key can't be read as ${spec.type}`);
    }
  }

  /** A new random key. */
  static generate(type: KeyType = "ED25519"): SigningKey {
    return new SigningKey(
      type,
      type === "ED25519" ? PrivateKey.generateED25519() : PrivateKey.generateECDSA(),
    );
  }

  /** The private key in clear, 32 raw bytes in hex: for the one file that keeps it. */
  reveal(): KeySpec {
    return { type: this.type, hex: this.#key.toStringRaw() };
  }

  /** The SDK's public key. */
  get sdkPublicKey(): PublicKey {
    return this.#key.publicKey;
  }

  /** Signs bytes as Hedera wants it: ED25519, or ECDSA over Keccak-256, 64 bytes either way. */
  sign(bytes: Uint8Array): Uint8Array {
    return this.#native ? sign(null, bytes, this.#native) : this.#key.sign(bytes);
  }

  toString(): string {
    return `[${this.type} key ${this.publicKey.hex}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function nativeKey(key: PrivateKey): KeyObject {
  return createPrivateKey({ key: Buffer.from(key.toBytesDer()), format: "der", type: "pkcs8" });
}

function invalid(what: string): FestError {
  return new FestError("KEY_INVALID", what, {
    fix: "Give 32 bytes in hex or DER, and declare its type as ED25519 or ECDSA.",
  });
}

/** The SDK's key for a rule: a public key, or a key list with a threshold. @throws FestError `KEY_INVALID` */
export function sdkKey(rule: KeyRule): Key {
  if ("threshold" in rule) {
    if (rule.threshold < 1 || rule.threshold > rule.keys.length) {
      throw invalid(`a threshold of ${rule.threshold} of ${rule.keys.length} keys can't be met`);
    }
    return new KeyList(rule.keys.map(sdkKey), rule.threshold);
  }
  try {
    return rule.type === "ED25519"
      ? PublicKey.fromStringED25519(rule.hex)
      : PublicKey.fromStringECDSA(rule.hex);
  } catch (cause) {
    throw new FestError("KEY_INVALID", `${rule.hex} is not an ${rule.type} public key`, { cause });
  }
}
