import type { Timestamp } from "../../hedera/timestamp.ts";
import type { EntityChange } from "./record.ts";

/** The account that owns all HBAR at genesis and its well-known local key, as every Hedera SDK's examples use it. */
export const GENESIS_OPERATOR = {
  accountId: "0.0.2",
  privateKey:
    "302e020100300506032b65700422042091132178e72057a1d7528025956fe39b0b847f200ab59b2fdd367017f3087137",
} as const;

/** The state of a new network at a time: its first accounts and all HBAR. */
export declare function genesis(at: Timestamp): EntityChange[];
