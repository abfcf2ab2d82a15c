import { proto } from "@hiero-ledger/proto";
import { secondsOf, type Timestamp } from "../../../hedera/timestamp.ts";
import { extraFee } from "../fee/fees.ts";
import { countKeys, keyBytes, keyOf } from "../key/key.ts";
import { LIMITS } from "../limits.ts";
import type { Schedule } from "../record.ts";
import { need, Refusal } from "../refusal.ts";
import { scheduleIdentity } from "../state/schedule-identity.ts";
import { checkKey, checkMemo } from "../validate.ts";
import { accountIdOf, wireScheduleId } from "../wire/id.ts";
import { timestampFrom } from "../wire/time.ts";
import { type FullTransactionId, wireTransactionId } from "../wire/transaction-id.ts";
import { defineHandler } from "./handler.ts";
import { addedSignatures, expirationOf, putAndExecute } from "./schedule.ts";

type Creation = proto.IScheduleCreateTransactionBody;

/**
 * `ScheduleCreate` (HIP-423): holds a transaction until everyone has signed who
 * must. One that is identical to a schedule that has not expired yet is refused
 * with that schedule's id in the receipt.
 */
export const SCHEDULE_CREATE = defineHandler("scheduleCreate", {
  type: "SCHEDULECREATE",

  pureChecks(op) {
    need(Boolean(op.scheduledTransactionBody), "INVALID_TRANSACTION");
    need(!op.waitForExpiry || Boolean(op.expirationTime), "MISSING_EXPIRY_TIME");
  },

  preHandle(op, context) {
    need((op.memo ?? "").length <= LIMITS.memoBytes, "MEMO_TOO_LONG");
    const payer = op.payerAccountID ? accountIdOf(op.payerAccountID) : context.payer;
    need(payer !== null && context.state.accounts.entities.has(payer), "ACCOUNT_ID_DOES_NOT_EXIST");
    const id: FullTransactionId = { payer: context.payer, validStart: 0n, scheduled: false, nonce: 0 };
    const schedule = provisionalSchedule(op, id, 0n, 0n);
    need(context.scheduling.isSchedulable(schedule), "SCHEDULED_TRANSACTION_NOT_IN_WHITELIST");
    if (op.adminKey) context.requireKey(keyOf(op.adminKey), "INVALID_ADMIN_KEY");
    context.scheduling.requiredKeys(schedule);
  },

  handle(op, context) {
    const { state, id, consensusNow, consensusTimestamp, outcome } = context;
    const provisional = provisionalSchedule(op, id, consensusNow, consensusTimestamp);
    const lifetime = secondsOf(provisional.expiration) - secondsOf(consensusNow);
    need(lifetime > 0n, "SCHEDULE_EXPIRATION_TIME_MUST_BE_HIGHER_THAN_CONSENSUS_TIME");
    need(lifetime <= LIMITS.scheduleMaxSeconds, "SCHEDULE_EXPIRATION_TIME_TOO_FAR_IN_FUTURE");
    checkMemo(provisional.memo);
    checkMemo(op.scheduledTransactionBody?.memo ?? "");
    checkKey(op.adminKey, "INVALID_ADMIN_KEY");
    const existing = state.scheduleIdentities.get(scheduleIdentity(provisional));
    const identical = existing && state.schedules.get(existing);
    if (identical) throw new Refusal("IDENTICAL_SCHEDULE_ALREADY_CREATED", receiptOf(identical));
    const requiredKeys = context.scheduling.requiredKeys(provisional);
    const schedule: Schedule = {
      ...provisional,
      id: state.newId(),
      signatories: addedSignatures(provisional, requiredKeys, context),
    };
    outcome.entity = schedule.id;
    Object.assign(outcome.receipt, receiptOf(schedule));
    putAndExecute(schedule, requiredKeys, context);
  },

  serviceFee(op, fee) {
    return fee.base + extraFee(fee.keys, countKeys(keyOf(op.adminKey)));
  },
});

function receiptOf(schedule: Schedule): proto.ITransactionReceipt {
  return {
    scheduleID: wireScheduleId(schedule.id),
    scheduledTransactionID: wireTransactionId({ ...schedule.transactionId, scheduled: true, nonce: 0 }),
  };
}

/** The schedule that the transaction asks for, before it has an id and signatures. */
function provisionalSchedule(
  op: Creation,
  id: FullTransactionId,
  now: Timestamp,
  created: Timestamp,
): Schedule {
  const asked = op.expirationTime ? timestampFrom(op.expirationTime) : null;
  return {
    id: "0.0.0",
    creator: id.payer,
    payer: accountIdOf(op.payerAccountID) ?? id.payer,
    memo: op.memo ?? "",
    adminKey: keyBytes(op.adminKey),
    waitForExpiry: op.waitForExpiry === true,
    expiration: expirationOf(asked, now, LIMITS.scheduleDefaultSeconds),
    body: proto.SchedulableTransactionBody.encode(op.scheduledTransactionBody ?? {}).finish(),
    transactionId: { payer: id.payer, validStart: id.validStart },
    signatories: [],
    executed: null,
    deleted: null,
    created,
  };
}
