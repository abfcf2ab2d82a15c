import {
  ScheduleCreateTransaction,
  ScheduleSignTransaction,
  AccountId as SdkAccountId,
  type Transaction,
  TransferTransaction,
} from "@hashgraph/sdk";
import { FestError } from "../hedera/error.ts";
import type { AccountId } from "../hedera/id.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";
import { batch } from "./batch.ts";
import {
  type Effect,
  MAX_MEMO_BYTES,
  MAX_MESSAGE_BYTES,
  type Payment,
  type ScheduleTransfer,
  type TransferLegs,
} from "./effect.ts";
import type { Envelope } from "./envelope.ts";
import type { SigningKey } from "./key.ts";
import { MAX_FEE } from "./max-fee.ts";
import { messageTransaction } from "./message-transaction.ts";
import { sdkHbar, sdkTimestamp } from "./sdk-value.ts";

/**
 * The envelope of an effect, signed by the account's own key alone.
 *
 * @throws FestError `EFFECT_INVALID` if the network would refuse it by its form
 */
export function envelopeOf(effect: Effect, account: AccountId, key: SigningKey): Envelope {
  check(effect, account);
  return {
    id: effect.id,
    memo: effect.memo,
    build: () => build(effect, account, key),
    signers: [key],
  };
}

async function build(effect: Effect, account: AccountId, key: SigningKey): Promise<Transaction> {
  const { action } = effect;
  switch (action.kind) {
    case "message":
      return messageTransaction(action.topic, action.message);
    case "payment":
      return paymentBatch(effect.id, action, account, key);
    case "transfer":
      return transferOf(action);
    case "scheduleTransfer":
      return scheduleTransfer(action, account);
    case "scheduleSign":
      return new ScheduleSignTransaction()
        .setScheduleId(action.schedule)
        .setMaxTransactionFee(MAX_FEE.transfer);
  }
}

async function paymentBatch(
  id: TransactionId,
  payment: Payment,
  account: AccountId,
  key: SigningKey,
): Promise<Transaction> {
  const transfer = new TransferTransaction()
    .addTokenTransfer(payment.token, payment.from ?? account, -payment.amount)
    .addTokenTransfer(payment.token, payment.to, payment.amount)
    .setMaxTransactionFee(MAX_FEE.transfer);
  return batch(id, [transfer, messageTransaction(payment.topic, payment.message)], [key]);
}

/** One transfer of HBAR and tokens. */
export function transferOf({ hbar, tokens }: TransferLegs): TransferTransaction {
  const transfer = new TransferTransaction().setMaxTransactionFee(MAX_FEE.transfer);
  for (const leg of hbar) transfer.addHbarTransfer(leg.account, sdkHbar(leg.amount));
  for (const leg of tokens) transfer.addTokenTransfer(leg.token, leg.account, leg.amount);
  return transfer;
}

function scheduleTransfer(action: ScheduleTransfer, account: AccountId): ScheduleCreateTransaction {
  return new ScheduleCreateTransaction()
    .setScheduledTransaction(transferOf(action))
    .setPayerAccountId(SdkAccountId.fromString(action.payer ?? account))
    .setScheduleMemo(action.scheduleMemo)
    .setExpirationTime(sdkTimestamp(action.expiration))
    .setWaitForExpiry(false)
    .setMaxTransactionFee(MAX_FEE.scheduleCreate);
}

function check(effect: Effect, account: AccountId): void {
  const { action } = effect;
  if (effect.id.payer !== account) {
    throw invalid(`an effect of ${effect.id.payer} can't be performed by ${account}`);
  }
  checkMemo("memo", effect.memo);
  if (action.kind === "message" || action.kind === "payment") {
    const size = action.message.length;
    if (size === 0 || size > MAX_MESSAGE_BYTES) {
      throw invalid(`a message of ${size} bytes is not between 1 and ${MAX_MESSAGE_BYTES}`);
    }
  }
  if (action.kind === "payment" && action.amount <= 0n) {
    throw invalid(`a payment of ${action.amount} is not above zero`);
  }
  if (action.kind === "scheduleTransfer") checkMemo("schedule memo", action.scheduleMemo);
  if (action.kind === "scheduleTransfer" || action.kind === "transfer") checkLegs(action);
}

function checkLegs(action: TransferLegs): void {
  const sums = new Map<string, bigint>();
  for (const leg of action.hbar) sums.set("HBAR", (sums.get("HBAR") ?? 0n) + leg.amount);
  for (const leg of action.tokens) sums.set(leg.token, (sums.get(leg.token) ?? 0n) + leg.amount);
  if (sums.size === 0) throw invalid("a transfer moves nothing");
  for (const [unit, sum] of sums) {
    if (sum !== 0n) throw invalid(`the legs in ${unit} of a transfer sum to ${sum}, not zero`);
  }
}

function checkMemo(which: string, memo: string): void {
  const size = new TextEncoder().encode(memo).length;
  if (size > MAX_MEMO_BYTES) throw invalid(`a ${which} of ${size} bytes is above ${MAX_MEMO_BYTES}`);
}

function invalid(message: string): FestError {
  return new FestError("EFFECT_INVALID", message);
}
