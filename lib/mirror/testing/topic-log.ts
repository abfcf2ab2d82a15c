import type { AccountId, TopicId } from "../../hedera/id.ts";
import { formatTimestamp, type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import type { Message } from "../message.ts";
import { CHAIN_START, nextRunningHash } from "../running-hash.ts";

/** A topic's messages with their true running hashes, as a node would have made them. */
export interface TopicLog {
  readonly topic: TopicId;
  readonly messages: readonly Message[];
  /** Adds a message, one millisecond of consensus time after the last one. */
  append(text: string, options?: { payer?: AccountId; hashedAgo?: bigint }): Message;
}

const SOMEBODY: AccountId = "0.0.1002";

/** An empty topic; `at` is the consensus time before its first message. */
export function topicLog(topic: TopicId, at: Timestamp = timestampOf(1_700_000_000)): TopicLog {
  const messages: Message[] = [];
  return {
    topic,
    messages,
    append(text, { payer = SOMEBODY, hashedAgo = 0n } = {}) {
      const last = messages.at(-1) ?? { ...CHAIN_START, timestamp: at };
      const sequence = last.sequence + 1;
      const timestamp = last.timestamp + 1_000_000n;
      const bytes = new TextEncoder().encode(text);
      const hashed = { topic, payer, sequence, message: bytes, consensusTimestamp: timestamp - hashedAgo };
      const message: Message = {
        topic,
        sequence,
        timestamp,
        payer,
        bytes,
        runningHash: nextRunningHash(last.runningHash, hashed),
        transactionId: { payer, validStart: timestamp - 1n, scheduled: false, nonce: 0 },
        chunk: { number: 1, total: 1 },
      };
      messages.push(message);
      return message;
    },
  };
}

/** A message as `/topics/{id}/messages` shows it. */
export function messageWire(message: Message): Record<string, unknown> {
  const { transactionId, chunk } = message;
  return {
    chunk_info: transactionId &&
      chunk && {
        initial_transaction_id: {
          account_id: transactionId.payer,
          nonce: transactionId.nonce,
          scheduled: transactionId.scheduled,
          transaction_valid_start: formatTimestamp(transactionId.validStart),
        },
        ...chunk,
      },
    consensus_timestamp: formatTimestamp(message.timestamp),
    message: message.bytes.toBase64(),
    payer_account_id: message.payer,
    running_hash: message.runningHash.toBase64(),
    running_hash_version: 3,
    sequence_number: message.sequence,
    topic_id: message.topic,
  };
}
