import { deserialize, serialize } from "node:v8";
import type { RecordItem } from "../ledger/record.ts";

/** The table of records that reached consensus but aren't visible on the mirror yet. */
export const JOURNAL_DDL =
  "CREATE TABLE IF NOT EXISTS journal (consensusTimestamp INTEGER PRIMARY KEY, item BLOB NOT NULL) STRICT";

/** Writes a record item as bytes (structured clone), for the journal of the process that reads it back. */
export function writeItem(item: RecordItem): Uint8Array {
  return serialize(item);
}

/** Reads what {@link writeItem} wrote. */
export function readItem(bytes: Uint8Array): RecordItem {
  return deserialize(bytes);
}
