import type { AccountId, TokenId } from "../../hedera/id.ts";
import { formatTransactionId, type TransactionId } from "../../hedera/transaction-id.ts";
import type { MirrorTransaction } from "../../mirror/transaction.ts";

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
 * Why the transactions that the mirror node has under an expectation's id are not
 * what the log says; null if one of them succeeded and moved exactly that: every
 * leg, and of no token of a leg anything to anybody else.
 */
export function faultOf(expected: Expectation, transactions: readonly MirrorTransaction[]): string | null {
  let fault = `there is no transaction ${formatTransactionId(expected.transaction)}`;
  for (const one of transactions) {
    if (one.scheduled !== expected.scheduled || one.nonce !== 0) continue;
    const found =
      one.result === "SUCCESS" ? legFault(expected, one) : `its transaction came to ${one.result}`;
    if (found === null) return null;
    fault = found;
  }
  return fault;
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
  const moved = faultOf(expected, candidates) === null;
  return moved ? "found" : "different";
}

function legFault(expected: Expectation, one: MirrorTransaction): string | null {
  for (const leg of expected.legs) {
    const moved = gain(one, leg);
    if (moved !== leg.amount) {
      const unit = leg.token === null ? "tinybars" : `units of ${leg.token}`;
      return `${leg.account} got ${moved} ${unit} instead of ${leg.amount}`;
    }
  }
  for (const { token, account, amount } of one.tokenTransfers) {
    const legs = expected.legs.filter((leg) => leg.token === token);
    if (legs.length > 0 && amount !== 0n && !legs.some((leg) => leg.account === account))
      return `${account}, which is no party, got ${amount} units of ${token}`;
  }
  return null;
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
