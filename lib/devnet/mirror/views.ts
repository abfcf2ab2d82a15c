import { formatTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import type { KeyBytes } from "../ledger/record.ts";
import type { Json } from "./json.ts";

// A primitive key, alone or as the only member of a key list or of a 1/1 threshold key, as protobuf in hex.
const ED25519 = /^(?:1220|32240a221220|2a28080112240a221220)([0-9a-f]{64})$/;
const ECDSA = /^(?:3a21|32250a233a21|2a29080112250a233a21)([0-9a-f]{66})$/;
const PREFIXES = {
  64: ["1220", "32240a221220", "2a28080112240a221220"],
  66: ["3a21", "32250a233a21", "2a29080112250a233a21"],
} as const;
/** An empty key list, which stands for an immutable entity. */
const EMPTY_KEY_LIST = "3200";

/** A key as `{_type, key}`, with the raw hex of primitive keys; null for none and for the empty key list. */
export function keyView(key: KeyBytes): Json {
  if (key === null) return null;
  const hex = key.toHex();
  if (hex === EMPTY_KEY_LIST) return null;
  const ed25519 = ED25519.exec(hex)?.[1];
  if (ed25519 !== undefined) return { _type: "ED25519", key: ed25519 };
  const ecdsa = ECDSA.exec(hex)?.[1];
  if (ecdsa !== undefined) return { _type: "ECDSA_SECP256K1", key: ecdsa };
  return { _type: "ProtobufEncoded", key: hex };
}

/** The protobuf forms in which a raw public key (hex) counts as an entity's key. */
export function keyForms(publicKey: string): Uint8Array[] {
  const prefixes = publicKey.length === 64 ? PREFIXES[64] : PREFIXES[66];
  return prefixes.map((prefix) => Uint8Array.fromHex(prefix + publicKey));
}

/** `seconds.nanoseconds`, or null. */
export function timeView(time: Timestamp | null): string | null {
  return time === null ? null : formatTimestamp(time);
}

/** Bytes in hex with `0x`. */
export function hexView(bytes: Uint8Array): `0x${string}` {
  return `0x${bytes.toHex()}`;
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Bytes in RFC 4648 base32 without padding, the text form of an alias. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32.charAt((value >>> bits) & 31);
      value &= (1 << bits) - 1;
    }
  }
  return bits === 0 ? text : text + BASE32.charAt((value << (5 - bits)) & 31);
}

/** Reads base32 without padding; null if it isn't that. */
export function readBase32(text: string): Uint8Array | null {
  if (!/^[A-Z2-7]+$/.test(text)) return null;
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    value = (value << 5) | BASE32.indexOf(character);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 255);
    value &= (1 << bits) - 1;
  }
  return new Uint8Array(bytes);
}
