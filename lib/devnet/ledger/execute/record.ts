import { proto } from "@hiero-ledger/proto";
import type { Tinybar } from "../../../hedera/amount.ts";
import { compareIds } from "../../../hedera/id.ts";
import { addSeconds, type Timestamp } from "../../../hedera/timestamp.ts";
import type { ExchangeRate } from "../exchange-rate.ts";
import type { Outcome } from "../handler/context.ts";
import type { EntityChange, RecordItem, TransactionRecord } from "../record.ts";
import type { State } from "../state/state.ts";
import { type Status, statusCode } from "../status.ts";
import { toLong } from "../wire/int64.ts";
import type { Transaction } from "./transaction.ts";

/** What a transaction did to state. */
export interface Effect {
  readonly changes: readonly EntityChange[];
  readonly transfers: TransactionRecord["transfers"];
  readonly tokenTransfers: TransactionRecord["tokenTransfers"];
}

/** What changed since a savepoint, and the transfers that follow from it. */
export function effectSince(state: State, level: number): Effect {
  const transfers = state.accounts
    .touchedSince(level)
    .map(({ id, before, after }) => ({ account: id, amount: after.balance - (before?.balance ?? 0n) }))
    .filter(({ amount }) => amount !== 0n)
    .sort((a, b) => compareIds(a.account, b.account));
  const tokenTransfers = state.relations
    .touchedSince(level)
    .map(({ before, after }) => ({
      token: after.token,
      account: after.account,
      amount: after.balance - (before?.balance ?? 0n),
    }))
    .filter(({ amount }) => amount !== 0n)
    .sort((a, b) => compareIds(a.token, b.token) || compareIds(a.account, b.account));
  return { changes: state.changesSince(level), transfers, tokenTransfers };
}

/** An effect without the HBAR transfers that are others'; they are in records of their own. */
export function withoutTransfers(effect: Effect, others: readonly Effect[]): Effect {
  if (others.length === 0) return effect;
  const amounts = new Map(effect.transfers.map(({ account, amount }) => [account, amount]));
  for (const { account, amount } of others.flatMap(({ transfers }) => transfers)) {
    amounts.set(account, (amounts.get(account) ?? 0n) - amount);
  }
  const transfers = [...amounts]
    .map(([account, amount]) => ({ account, amount }))
    .filter(({ amount }) => amount !== 0n)
    .sort((a, b) => compareIds(a.account, b.account));
  return { ...effect, transfers };
}

/** Everything that a record is written from. */
export interface RecordInput {
  readonly transaction: Transaction;
  readonly consensusTimestamp: Timestamp;
  readonly parent: Timestamp | null;
  readonly status: Status;
  readonly chargedFee: Tinybar;
  readonly outcome: Outcome;
  readonly effect: Effect;
  /** The rates that the receipt names; null for members of a batch, which have none. */
  readonly rates: proto.IExchangeRateSet | null;
}

/** Writes a transaction's record, with its receipt. */
export function recordItem(input: RecordInput): RecordItem {
  const { transaction, outcome, effect } = input;
  const { body } = transaction;
  const receipt: proto.ITransactionReceipt = {
    status: statusCode(input.status),
    ...(input.rates && { exchangeRate: input.rates }),
    ...outcome.receipt,
  };
  const record: TransactionRecord = {
    consensusTimestamp: input.consensusTimestamp,
    payer: transaction.id.payer,
    validStart: transaction.validStart,
    scheduled: transaction.id.scheduled,
    nonce: transaction.id.nonce,
    parentConsensusTimestamp: input.parent,
    type: transaction.handler.type,
    result: input.status,
    node: transaction.node,
    memo: Buffer.from(body.memo ?? ""),
    maxFee: transaction.maxFee,
    chargedFee: input.chargedFee,
    validDurationSeconds: Number(transaction.validDurationSeconds),
    transactionHash: transaction.hash,
    entity: outcome.entity,
    transfers: effect.transfers,
    tokenTransfers: effect.tokenTransfers,
    batchKey: body.batchKey ? proto.Key.encode(body.batchKey).finish() : null,
    receipt: proto.TransactionReceipt.encode(receipt).finish(),
  };
  return { record, message: outcome.message, changes: effect.changes };
}

/** The rate in force and the next one, as receipts carry them. */
export function exchangeRates(rate: (at: Timestamp) => ExchangeRate, at: Timestamp): proto.IExchangeRateSet {
  const current = rate(at);
  const next = rate(addSeconds(0n, current.expirationSeconds));
  return { currentRate: wireRate(current), nextRate: wireRate(next) };
}

function wireRate(rate: ExchangeRate): proto.IExchangeRate {
  return {
    hbarEquiv: rate.hbarEquivalent,
    centEquiv: rate.centEquivalent,
    expirationTime: { seconds: toLong(BigInt(rate.expirationSeconds)) },
  };
}
