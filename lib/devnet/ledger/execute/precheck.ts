import type { proto } from "@hiero-ledger/proto";
import type { Tinybar } from "../../../hedera/amount.ts";
import { addSeconds, type Timestamp } from "../../../hedera/timestamp.ts";
import { NODE_ACCOUNT } from "../genesis.ts";
import { resolveAccountId } from "../handler/account.ts";
import { LIMITS } from "../limits.ts";
import type { Account } from "../record.ts";
import { need, needed, Refusal } from "../refusal.ts";
import type { State } from "../state/state.ts";
import type { Status } from "../status.ts";
import { fromLong } from "../wire/int64.ts";
import { checkSolvency } from "./charge.ts";
import { feesOf, type RunEnvironment } from "./dispatch.ts";
import type { Received } from "./received.ts";
import { hasSigned } from "./required-keys.ts";
import { submittedTransaction, type Transaction } from "./transaction.ts";

/** The answer of pre-check, Hedera's `TransactionResponse` and what to hand to `handle`. */
export interface Precheck {
  /** `OK`, or why the transaction was refused. */
  readonly status: Status;
  /** The node and network fee, where the payer offers or has too little, else 0. */
  readonly cost: Tinybar;
  /** What goes to consensus; null unless the status is `OK`. */
  readonly transaction: Transaction | null;
}

/**
 * What a node checks before it submits a transaction, in Hedera's order
 * (`IngestChecker`): form, node, times, duplicates, type, pure checks, payer,
 * payer's signature, payer's balance. Changes nothing.
 */
export function precheck(env: RunEnvironment, received: Received, now: Timestamp): Precheck {
  if (received.refusal !== null) return { status: received.refusal, cost: 0n, transaction: null };
  try {
    const transaction = submittedTransaction(received.signed, "USER");
    need(transaction.node === NODE_ACCOUNT, "INVALID_NODE_ACCOUNT");
    need(!transaction.body.batchKey, "BATCH_KEY_SET_ON_NON_INNER_TRANSACTION");
    checkTimes(transaction, now);
    need(!env.history.isSubmitted(transaction.id), "DUPLICATE_TRANSACTION");
    transaction.handler.pureChecks(transaction.body);
    const payer = needed(env.state.accounts.get(transaction.payer), "PAYER_ACCOUNT_NOT_FOUND");
    need(!payer.deleted, "PAYER_ACCOUNT_DELETED");
    need(hasSigned(payer, transaction.verifier), "INVALID_SIGNATURE");
    return checkBalance(env, transaction, payer, now);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, cost: 0n, transaction: null };
  }
}

function checkTimes({ validStart, validDurationSeconds }: Transaction, now: Timestamp): void {
  const inRange =
    validDurationSeconds >= LIMITS.minValidSeconds && validDurationSeconds <= LIMITS.maxValidSeconds;
  need(inRange, "INVALID_TRANSACTION_DURATION");
  const usable = validDurationSeconds - LIMITS.validityBufferSeconds;
  need(addSeconds(validStart, usable) >= now, "TRANSACTION_EXPIRED");
  need(validStart <= now, "INVALID_TRANSACTION_START");
}

/** The service fee is consensus's to check; here it is the other two and what the payer wants to spend. */
function checkBalance(
  env: RunEnvironment,
  transaction: Transaction,
  payer: Account,
  now: Timestamp,
): Precheck {
  const fees = { ...feesOf(transaction, env.rate(now)), service: 0n };
  const cost = fees.node + fees.network;
  const { status } = checkSolvency(fees, payer.balance, transaction.maxFee);
  if (status) return { status, cost, transaction: null };
  if (payer.balance < cost + spending(env.state, transaction.body, payer)) {
    return { status: "INSUFFICIENT_PAYER_BALANCE", cost, transaction: null };
  }
  return { status: "OK", cost: 0n, transaction };
}

/** What the transaction itself takes from its payer, beside the fees (`estimateAdditionalCosts`). */
function spending(state: State, body: proto.ITransactionBody, payer: Account): Tinybar {
  if (body.cryptoCreateAccount) return fromLong(body.cryptoCreateAccount.initialBalance);
  let debit = 0n;
  for (const { accountID, amount } of body.cryptoTransfer?.transfers?.accountAmounts ?? []) {
    if (resolveAccountId(state, accountID) === payer.id) debit -= fromLong(amount);
  }
  return debit > 0n ? debit : 0n;
}
