import { need } from "../refusal.ts";
import { scheduleIdOf } from "../wire/id.ts";
import { wireTransactionId } from "../wire/transaction-id.ts";
import { defineHandler } from "./handler.ts";
import { addedSignatures, isFullySigned, pendingSchedule, putAndExecute } from "./schedule.ts";

/** `ScheduleSign`: adds the transaction's signatures to a schedule, and executes it with the last one. */
export const SCHEDULE_SIGN = defineHandler("scheduleSign", {
  type: "SCHEDULESIGN",
  entity: (op) => scheduleIdOf(op.scheduleID),

  pureChecks(op) {
    need(Boolean(op.scheduleID), "INVALID_SCHEDULE_ID");
  },

  preHandle(op, context) {
    context.scheduling.requiredKeys(pendingSchedule(context.state, op.scheduleID, null));
  },

  handle(op, context) {
    const schedule = pendingSchedule(context.state, op.scheduleID, context.consensusNow);
    const requiredKeys = context.scheduling.requiredKeys(schedule);
    const signed = { ...schedule, signatories: addedSignatures(schedule, requiredKeys, context) };
    const executes = !schedule.waitForExpiry && isFullySigned(signed, requiredKeys);
    need(executes || signed.signatories !== schedule.signatories, "NO_NEW_VALID_SIGNATURES");
    const scheduledId = { ...schedule.transactionId, scheduled: true, nonce: 0 };
    context.outcome.receipt.scheduledTransactionID = wireTransactionId(scheduledId);
    putAndExecute(signed, requiredKeys, context);
  },
});
