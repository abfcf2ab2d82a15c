import { FestError } from "../hedera/error.ts";

const LONG_NUMBER = /\d{16}/;

/** What the engine hands to a reviver besides the value (TC39 "JSON.parse source text access"). */
interface RevivedFrom {
  readonly source?: string;
}

function exact(_key: string, value: unknown, context?: RevivedFrom): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  if (context?.source === undefined) {
    throw new FestError("JSON_INTEGER_INEXACT", "this JavaScript engine cannot read long integers exactly", {
      fix: "Use Bun, Node 22, Chromium 114, Firefox 135, Safari 18.4, or later.",
    });
  }
  return /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

/**
 * Reads JSON as `JSON.parse` does, except that integers beyond 2^53, which the
 * mirror node writes as bare numbers, come out as exact `bigint`s.
 *
 * @throws SyntaxError if `text` is not JSON
 * @throws FestError `JSON_INTEGER_INEXACT` if the engine would round an integer
 */
export function parseJson(text: string): unknown {
  // A reviver costs several times the parsing itself, and nearly no answer holds a long integer.
  return LONG_NUMBER.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
}
