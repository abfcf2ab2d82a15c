import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { MirrorMalformed } from "./error.ts";
import type { MirrorKey } from "./field.ts";

/** A key taken apart (protobuf `Key`): one public key, or so many of several. */
export type KeyTree =
  | { readonly kind: "key"; readonly type: "ED25519" | "ECDSA" /** Raw bytes. */; readonly hex: string }
  | { readonly kind: "threshold"; readonly threshold: number; readonly keys: readonly KeyTree[] }
  /** A contract's, or of a kind that nobody uses. */
  | { readonly kind: "other" };

/** Takes apart what the mirror node shows. @throws MirrorMalformed */
export function keyTreeOf({ type, hex }: MirrorKey): KeyTree {
  if (type === "ED25519") return { kind: "key", type, hex };
  if (type === "ECDSA_SECP256K1") return { kind: "key", type: "ECDSA", hex };
  return readKey(hexToBytes(hex));
}

/** The public keys of which each is enough by itself, in raw hex, in the key's order. */
export function keysEnoughAlone(tree: KeyTree): readonly string[] {
  if (tree.kind === "other") return [];
  if (tree.kind === "key") return [tree.hex];
  const few = tree.threshold <= 1 || tree.keys.length === 1;
  return few ? [...new Set(tree.keys.flatMap(keysEnoughAlone))] : [];
}

/** Every public key that a key has a place for, in raw hex. */
export function publicKeysOf(tree: KeyTree): readonly string[] {
  if (tree.kind === "other") return [];
  return tree.kind === "key" ? [tree.hex] : tree.keys.flatMap(publicKeysOf);
}

interface Field {
  readonly number: number;
  readonly value: Uint8Array | number;
}

/** `Key` of basic_types.proto: 2 ed25519, 5 thresholdKey, 6 keyList, 7 ECDSA_secp256k1. */
function readKey(bytes: Uint8Array): KeyTree {
  for (const { number, value } of fieldsOf(bytes)) {
    if (!(value instanceof Uint8Array)) continue;
    if (number === 2) return { kind: "key", type: "ED25519", hex: bytesToHex(value) };
    if (number === 7) return { kind: "key", type: "ECDSA", hex: bytesToHex(value) };
    if (number === 5) return readThreshold(value);
    if (number === 6) {
      const keys = readList(value);
      return { kind: "threshold", threshold: keys.length, keys };
    }
  }
  return { kind: "other" };
}

/** `ThresholdKey`: 1 threshold, 2 keys. */
function readThreshold(bytes: Uint8Array): KeyTree {
  let threshold = 0;
  let keys: readonly KeyTree[] = [];
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1 && typeof value === "number") threshold = value;
    if (number === 2 && value instanceof Uint8Array) keys = readList(value);
  }
  return { kind: "threshold", threshold, keys };
}

/** `KeyList`: 1 keys. */
function readList(bytes: Uint8Array): readonly KeyTree[] {
  return fieldsOf(bytes).flatMap(({ number, value }) =>
    number === 1 && value instanceof Uint8Array ? [readKey(value)] : [],
  );
}

/** The fields of a protobuf message that has varints and bytes only. @throws MirrorMalformed */
function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let result = 0;
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = bytes[at];
      at += 1;
      if (byte === undefined) break;
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
    throw new MirrorMalformed("a key is cut off");
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) {
      fields.push({ number, value: varint() });
      continue;
    }
    const end = tag % 8 === 2 ? varint() + at : Number.NaN;
    if (!(end <= bytes.length)) throw new MirrorMalformed("a key is not a protobuf Key");
    fields.push({ number, value: bytes.subarray(at, end) });
    at = end;
  }
  return fields;
}
