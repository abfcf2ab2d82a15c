import * as z from "zod/mini";
import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import type { AccountId, EntityId, TokenId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import { mirrorTransactionId, type TransactionId } from "../hedera/transaction-id.ts";
import {
  accountId,
  base64,
  base64Text,
  entityId,
  int64,
  int64Text,
  links,
  timestamp,
  tokenId,
  transactionId,
} from "./field.ts";
import { type Http, pathWithQuery, type ReadOptions, timestampBounds } from "./http.ts";
import { type Page, type PageQuery, readPage } from "./page.ts";

/** HBAR that a transaction moved, fees included; the amounts of one transaction sum to zero. */
export interface Transfer {
  readonly account: AccountId;
  readonly amount: Tinybar;
}

/** Units of a token that a transaction moved. */
export interface TokenTransfer {
  readonly token: TokenId;
  readonly account: AccountId;
  readonly amount: TokenUnits;
}

/** A transaction that reached consensus. */
export interface MirrorTransaction {
  readonly id: TransactionId;
  /** True for what a schedule executed; it shares the id of its ScheduleCreate. */
  readonly scheduled: boolean;
  /** Above 0 for what the network added by itself. */
  readonly nonce: number;
  /** The mirror node's name: `CRYPTOTRANSFER`, `CONSENSUSSUBMITMESSAGE`, `ATOMICBATCH`, ... */
  readonly type: string;
  /** The response code's name: `SUCCESS`, `INSUFFICIENT_TOKEN_BALANCE`, ... */
  readonly result: string;
  readonly timestamp: Timestamp;
  /** The outer transaction's consensus time, for members of a batch and for children. */
  readonly parentTimestamp: Timestamp | null;
  /** The entity that the transaction created or was about. */
  readonly entity: EntityId | null;
  readonly memo: string;
  readonly node: AccountId | null;
  readonly chargedFee: Tinybar;
  readonly maxFee: Tinybar;
  readonly validDurationSeconds: bigint | null;
  /** SHA-384 of the signed transaction, 48 bytes. */
  readonly hash: Uint8Array;
  readonly transfers: readonly Transfer[];
  readonly tokenTransfers: readonly TokenTransfer[];
}

/** Which transactions; both time bounds exclude what they name. */
export interface TransactionsQuery extends PageQuery {
  /** Payer or party to a transfer. */
  readonly account?: AccountId;
  /** The mirror node's name of the type, such as `CRYPTOTRANSFER`. */
  readonly type?: string;
  readonly result?: "success" | "fail";
  readonly after?: Timestamp;
  readonly before?: Timestamp;
}

/** Which of the transactions that share an id. */
export interface TransactionSelection extends ReadOptions {
  readonly scheduled?: boolean;
  readonly nonce?: number;
}

/** What can be read of transactions. Every method throws {@link MirrorError}s. */
export interface TransactionReads {
  /**
   * All transactions with this id in consensus order, or null if the mirror node has none. Null
   * proves nothing about the network: mirror nodes lag, and replicas of one differ.
   */
  transaction(
    id: TransactionId,
    options?: TransactionSelection,
  ): Promise<readonly MirrorTransaction[] | null>;
  /** A page of transactions, newest first by default. */
  transactions(query: TransactionsQuery, options?: ReadOptions): Promise<Page<MirrorTransaction>>;
}

const transactionSchema = z.pipe(
  z.object({
    transaction_id: transactionId,
    scheduled: z.boolean(),
    nonce: z.int(),
    name: z.string(),
    result: z.string(),
    consensus_timestamp: timestamp,
    parent_consensus_timestamp: z.nullish(timestamp),
    entity_id: z.nullable(entityId),
    memo_base64: base64Text,
    node: z.nullable(accountId),
    charged_tx_fee: int64,
    max_fee: int64Text,
    valid_duration_seconds: z.nullable(int64Text),
    transaction_hash: base64,
    transfers: z.array(z.object({ account: accountId, amount: int64 })),
    token_transfers: z.array(z.object({ token_id: tokenId, account: accountId, amount: int64 })),
  }),
  z.transform(
    (wire): MirrorTransaction => ({
      id: wire.transaction_id,
      scheduled: wire.scheduled,
      nonce: wire.nonce,
      type: wire.name,
      result: wire.result,
      timestamp: wire.consensus_timestamp,
      parentTimestamp: wire.parent_consensus_timestamp ?? null,
      entity: wire.entity_id,
      memo: wire.memo_base64,
      node: wire.node,
      chargedFee: wire.charged_tx_fee,
      maxFee: wire.max_fee,
      validDurationSeconds: wire.valid_duration_seconds,
      hash: wire.transaction_hash,
      transfers: wire.transfers,
      tokenTransfers: wire.token_transfers.map(({ token_id, account, amount }) => ({
        token: token_id,
        account,
        amount,
      })),
    }),
  ),
);

const byIdSchema = z.object({ transactions: z.array(transactionSchema) });
const listSchema = z.object({ transactions: z.array(transactionSchema), links });

/** The reads of `/transactions`. */
export function transactionReads(http: Http): TransactionReads {
  return {
    async transaction(id, { scheduled, nonce, ...options } = {}) {
      const path = pathWithQuery(`/api/v1/transactions/${mirrorTransactionId(id)}`, [
        ["scheduled", scheduled],
        ["nonce", nonce],
      ]);
      const body = await http.find(path, byIdSchema, options);
      return body === null || body.transactions.length === 0 ? null : body.transactions;
    },
    transactions({ account, type, result, after, before, limit, order }, options) {
      const path = pathWithQuery("/api/v1/transactions", [
        ["account.id", account],
        ["transactiontype", type],
        ["result", result],
        ["limit", limit],
        ["order", order],
        ...timestampBounds(after, before),
      ]);
      return readPage(http, path, listSchema, (body) => body.transactions, options);
    },
  };
}
