import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/**
 * Text for values that hold bigints, bytes and maps, the same for values that
 * are equal down to the order of their keys, which decisions go by: JSON, where `{"$n": "12"}` is a bigint, `{"$b": "00ff"}` are
 * bytes and `{"$m": [[key, value], ...]}` is a map in its own order. A key of the
 * value's own that begins with `$` gets one more, so that no content can pose as these.
 */
export function encodeValue(value: unknown): string {
  return JSON.stringify(toPlain(value));
}

/** Reads what {@link encodeValue} wrote. @throws SyntaxError, if it isn't that */
export function decodeValue(text: string): unknown {
  return fromPlain(JSON.parse(text));
}

function toPlain(value: unknown): unknown {
  if (typeof value === "bigint") return { $n: value.toString() };
  if (value instanceof Uint8Array) return { $b: bytesToHex(value) };
  if (value instanceof Map) return { $m: [...value].map(([key, one]) => [toPlain(key), toPlain(one)]) };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    fields.map(([key, one]) => [key.startsWith("$") ? `$${key}` : key, toPlain(one)]),
  );
}

function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value !== "object" || value === null) return value;
  if ("$n" in value && typeof value.$n === "string") return BigInt(value.$n);
  if ("$b" in value && typeof value.$b === "string") return hexToBytes(value.$b);
  if ("$m" in value && Array.isArray(value.$m)) return new Map(value.$m.map((pair) => readPair(pair)));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.startsWith("$$") ? key.slice(1) : key, fromPlain(one)]),
  );
}

function readPair(pair: unknown): [unknown, unknown] {
  if (!Array.isArray(pair) || pair.length !== 2) throw new SyntaxError("a pair of a map is not a pair");
  return [fromPlain(pair[0]), fromPlain(pair[1])];
}
