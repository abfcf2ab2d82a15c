import { bytesToHex } from "@noble/hashes/utils.js";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import type { Message } from "../../mirror/message.ts";
import { BUNDLE_VERSION, type Bundle, type BundleHeader, type BundleRecord, readRecord } from "./bundle.ts";

/** A message, and the running hash before it. */
export interface Selected {
  readonly message: Message;
  /** Null where it is not known; of a log's first message it is nothing. */
  readonly before: Uint8Array | null;
}

/**
 * A small bundle of some entries, each with what it takes to recompute its running
 * hash, and of what they point to.
 */
export function selectionBundle(
  { network, log, mirror }: Pick<BundleHeader, "network" | "log" | "mirror">,
  selected: readonly Selected[],
  pointed: readonly BundleRecord[],
): Bundle {
  const header: BundleHeader = {
    kind: "fest-bundle",
    version: BUNDLE_VERSION,
    scope: "selection",
    network,
    log,
    vitals: null,
    mirror,
  };
  return { header, records: [...selected.flatMap(recordOf), ...pointed] };
}

function recordOf({ message, before }: Selected): readonly BundleRecord[] {
  const one = readRecord({
    kind: "message",
    ...(before === null ? {} : { before: bytesToHex(before) }),
    body: wireOf(message),
  });
  return one === null ? [] : [one];
}

/** A message as a mirror node writes it. */
export function wireOf(message: Message) {
  const { topic, sequence, timestamp, payer, bytes, runningHash, transactionId, chunk } = message;
  return {
    topic_id: topic,
    sequence_number: sequence,
    consensus_timestamp: formatTimestamp(timestamp),
    payer_account_id: payer,
    message: bytes.toBase64(),
    running_hash: runningHash.toBase64(),
    running_hash_version: 3,
    chunk_info: chunk && {
      initial_transaction_id: transactionId && {
        account_id: transactionId.payer,
        nonce: transactionId.nonce,
        scheduled: transactionId.scheduled,
        transaction_valid_start: formatTimestamp(transactionId.validStart),
      },
      number: chunk.number,
      total: chunk.total,
    },
  };
}
