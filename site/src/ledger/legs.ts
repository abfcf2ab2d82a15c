import type { AccountId, TokenId } from "../../../lib/hedera/id.ts";
import { formatTransactionId, type TransactionId } from "../../../lib/hedera/transaction-id.ts";
import type { MirrorTransaction } from "../../../lib/mirror/transaction.ts";

/** What an account gains (or loses, below zero) by a transaction. */
export interface Leg {
  readonly account: AccountId;
  /** Null for HBAR. */
  readonly token: TokenId | null;
  readonly amount: bigint;
}

/** A transaction that the log speaks of, and what it must have moved. */
export interface Expectation {
  readonly transaction: TransactionId;
  /** Whether it is what a schedule executed, rather than what was submitted. */
  readonly scheduled: boolean;
  readonly legs: readonly Leg[];
}

/** What looking an expectation up on the mirror node came to. */
export type Finding = "checking" | "found" | "not found" | "different" | "unknown";

/** Names an expectation among others. */
export function keyOf({ transaction, scheduled }: Expectation): string {
  return `${formatTransactionId(transaction)}${scheduled ? "?scheduled" : ""}`;
}

/**
 * Compares what the log says with the transactions that the mirror node has
 * under that id: `found` if one of them succeeded and moved exactly that.
 */
export function compare(
  expected: Expectation,
  transactions: readonly MirrorTransaction[] | null,
): "found" | "not found" | "different" {
  const candidates = (transactions ?? []).filter(({ scheduled }) => scheduled === expected.scheduled);
  if (candidates.length === 0) return "not found";
  const moved = candidates.some(
    (one) => one.result === "SUCCESS" && expected.legs.every((leg) => gain(one, leg) === leg.amount),
  );
  return moved ? "found" : "different";
}

function gain(transaction: MirrorTransaction, { account, token }: Leg): bigint {
  const transfers =
    token === null
      ? transaction.transfers
      : transaction.tokenTransfers.filter((transfer) => transfer.token === token);
  return transfers
    .filter((transfer) => transfer.account === account)
    .reduce((sum, transfer) => sum + transfer.amount, 0n);
}
