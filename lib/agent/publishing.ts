import type { Ledger } from "../ledger/client.ts";
import { publishFile } from "../ledger/file.ts";
import type { Publish } from "./duty/working.ts";

/** Puts outputs that no entry has room for into HCS-1 files of the agent's own, at its own cost. */
export function publishing(ledger: Ledger): Publish {
  return (bytes) => publishFile(ledger, bytes, "application/json");
}
