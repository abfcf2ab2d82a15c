import * as z from "zod/mini";
import type { Message } from "../../mirror/message.ts";
import {
  type Body,
  describeIssues,
  ENTRY_TYPES,
  type Entry,
  type EntryName,
  isEntryName,
  MAX_ENTRY_BYTES,
  type Stamp,
} from "./entry.ts";

/**
 * What a message turned out to be. Unknown types are kept and ignored, so that
 * an older reader can read a newer log; what is malformed is counted and shown.
 */
export type Decoded =
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "malformed"; readonly problem: string };

const envelope = z.looseObject({ v: z.int(), type: z.string().check(z.maxLength(64)) });
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a message as an entry. Total: whatever the bytes, it returns. A message
 * without chunk info is none: readers over gRPC could not know who paid for it.
 */
export function decode(message: Message): Decoded {
  if (message.chunk === null) return { kind: "malformed", problem: "without chunk info" };
  if (message.chunk.total !== 1) return { kind: "malformed", problem: "chunked" };
  if (message.bytes.length > MAX_ENTRY_BYTES) {
    return { kind: "malformed", problem: `over ${MAX_ENTRY_BYTES} bytes` };
  }
  const value = parseJson(message.bytes);
  if (value === undefined) return { kind: "malformed", problem: "not JSON in UTF-8" };
  const outline = z.safeParse(envelope, value);
  if (!outline.success) return { kind: "malformed", problem: describeIssues(outline.error) };
  const { v, type } = outline.data;
  if (v !== 1 || !isEntryName(type)) return { kind: "unknown", name: type };
  return parseBody(type, value, stampOf(message));
}

function parseBody<Name extends EntryName>(name: Name, value: unknown, stamp: Stamp): Decoded {
  const parsed = z.safeParse(ENTRY_TYPES[name].schema, value);
  if (!parsed.success) return { kind: "malformed", problem: `${name}: ${describeIssues(parsed.error)}` };
  return { kind: "entry", entry: { name, body: parsed.data as Body<Name>, stamp } as Entry };
}

/**
 * What consensus says of a message. The id of a scheduled or child transaction
 * is none that a node checks a duplicate of, so it discharges nothing.
 */
export function stampOf({ sequence, timestamp, payer, transactionId: id, bytes }: Message): Stamp {
  const own = id !== null && !id.scheduled && id.nonce === 0;
  return {
    sequence,
    timestamp,
    payer,
    transactionId: own ? { payer: id.payer, validStart: id.validStart } : null,
    bytes,
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}
