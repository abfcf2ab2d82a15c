import { bytesToHex } from "@noble/hashes/utils.js";
import { formatTimestamp } from "../../../lib/hedera/timestamp.ts";
import type { FeedEntry } from "./feed.ts";

/**
 * An entry and what it takes to check it, as text that can be kept: the message
 * as the mirror node has it, its running hash and the one before it.
 *
 * @param before the entry before it, if it is known
 */
export function evidenceOf({ message, verdict }: FeedEntry, before: FeedEntry | null): string {
  const { sequence, timestamp, payer, bytes, runningHash, topic } = message;
  const evidence = {
    topic,
    sequence,
    consensus_timestamp: formatTimestamp(timestamp),
    payer,
    message_hex: bytesToHex(bytes),
    running_hash: bytesToHex(runningHash),
    running_hash_version: 3,
    previous_running_hash: before === null ? null : bytesToHex(before.message.runningHash),
    verdict,
  };
  return JSON.stringify(evidence, null, 2);
}
