import * as z from "zod/mini";
import type { AccountId, TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";
import { accountId, base64, timestamp, topicId } from "./field.ts";

/** The id of the transaction that a message's submitter names as its first chunk's. */
export interface InitialTransactionId extends TransactionId {
  readonly scheduled: boolean;
  readonly nonce: number;
}

/** A message on a topic, as the mirror node shows it. */
export interface Message {
  readonly topic: TopicId;
  /** 1 for the topic's first message, then one more each. */
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly payer: AccountId;
  readonly bytes: Uint8Array;
  /** The topic's running hash after this message, SHA-384, 48 bytes. */
  readonly runningHash: Uint8Array;
  /**
   * The initial transaction id of the chunk info. The node verifies it for chunk 1 (HIP-478 and
   * `ConsensusSubmitMessage`), for later chunks only the payer. Null without chunk info.
   */
  readonly transactionId: InitialTransactionId | null;
  /** Which chunk of how many this is, or null without chunk info. */
  readonly chunk: { readonly number: number; readonly total: number } | null;
}

/** A place in a topic: its last known message. */
export interface Position {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  /** The running hash after that message, where it is known. */
  readonly runningHash?: Uint8Array;
}

const initialTransactionId = z.object({
  account_id: accountId,
  transaction_valid_start: timestamp,
  nonce: z.nullish(z.int()),
  scheduled: z.nullish(z.boolean()),
});

const chunkInfo = z.object({
  // The submitter's own words: what cannot be read must not keep the topic from being read.
  initial_transaction_id: z.catch(z.nullable(initialTransactionId), null),
  number: z.int(),
  total: z.int(),
});

/** A message of `/topics/{id}/messages` as a {@link Message}. */
export const messageSchema = z.pipe(
  z.object({
    topic_id: topicId,
    sequence_number: z.int().check(z.positive()),
    consensus_timestamp: timestamp,
    payer_account_id: accountId,
    message: base64,
    running_hash: base64.check(z.refine((bytes) => bytes.length === 48, "not 48 bytes")),
    chunk_info: z.nullish(chunkInfo),
  }),
  z.transform((wire): Message => {
    const chunk = wire.chunk_info ?? null;
    const initial = chunk?.initial_transaction_id ?? null;
    return {
      topic: wire.topic_id,
      sequence: wire.sequence_number,
      timestamp: wire.consensus_timestamp,
      payer: wire.payer_account_id,
      bytes: wire.message,
      runningHash: wire.running_hash,
      transactionId: initial && {
        payer: initial.account_id,
        validStart: initial.transaction_valid_start,
        scheduled: initial.scheduled ?? false,
        nonce: initial.nonce ?? 0,
      },
      chunk: chunk && { number: chunk.number, total: chunk.total },
    };
  }),
);
