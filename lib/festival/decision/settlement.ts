import type { AccountId, ScheduleId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { TransactionId } from "../../hedera/transaction-id.ts";
import { fitCriteria } from "../criteria.ts";
import type { Body } from "../entry/entry.ts";
import { judge } from "../gate.ts";
import type { Obligation } from "../obligation.ts";
import { rewardOf } from "../reward.ts";
import { approvalExpiry } from "../rules/approval.ts";
import type { Criterion, State } from "../state.ts";
import { taskOf } from "./assignment.ts";

/** What discharges `settle`: a payment with its entry, or the entry of a failed gate. */
export type Settlement =
  | { readonly kind: "pay"; readonly account: AccountId; readonly body: Body<"payment_settled"> }
  /** The owner must sign: the transfer is scheduled, and then told of. */
  | {
      readonly kind: "schedule";
      readonly account: AccountId;
      readonly owner: AccountId;
      readonly expires: Timestamp;
    }
  | { readonly kind: "reject"; readonly body: Body<"quality_gate"> };

/** With more, its batch would pass 1,350 bytes, where the network begins to charge for each. */
const MAX_SETTLED_BYTES = 640;
/** The first wait after a payment that failed, and the longest. */
const FIRST_RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 600;

/**
 * Judges a result and says what follows from it.
 *
 * @param evidence what the coordinator read itself
 * @param transfer the id that the payment's transfer has, if it comes to one
 */
export function settleTask(
  state: State,
  obligation: Obligation,
  evidence: readonly Criterion[],
  transfer: TransactionId,
): Settlement | null {
  const task = taskOf(state, obligation);
  if (!task?.result || task.agent === null || state.manifest === null) return null;
  const head = { v: 1 as const, re: obligation.id, task_id: task.id };
  const { passed, criteria } = judge(task, evidence);
  if (!passed) {
    const failed = { attempt: task.attempt, passed: false as const };
    const body = fitCriteria(criteria, (fitting) => ({
      ...head,
      type: "quality_gate" as const,
      payload: { ...failed, criteria: fitting },
    }));
    return { kind: "reject", body };
  }
  if (task.spec.approval !== undefined) {
    const { owner } = state;
    const expires = approvalExpiry(task, obligation);
    return owner === null ? null : { kind: "schedule", account: task.result.account, owner, expires };
  }
  const paid = { amount: rewardOf(task.spec, task.result.payload), token_id: state.manifest.token, transfer };
  const to = task.agent;
  const body = fitCriteria(
    criteria,
    (fitting) => ({
      ...head,
      type: "payment_settled" as const,
      to,
      payload: { ...paid, criteria: fitting },
    }),
    MAX_SETTLED_BYTES,
  );
  return { kind: "pay", account: task.result.account, body };
}

/** What tells that a payment was scheduled. Null where there is nothing to be paid. */
export function announceSchedule(
  state: State,
  obligation: Obligation,
  evidence: readonly Criterion[],
  made: { readonly schedule: ScheduleId; readonly transfer: TransactionId },
): Body<"payment_scheduled"> | null {
  const task = taskOf(state, obligation);
  if (!task || task.agent === null || state.manifest === null) return null;
  const head = { v: 1 as const, re: obligation.id, task_id: task.id, to: task.agent };
  const { schedule: schedule_id, transfer } = made;
  const paid = {
    amount: rewardOf(task.spec, task.result?.payload ?? null),
    token_id: state.manifest.token,
    schedule_id,
    transfer,
  };
  return fitCriteria(judge(task, evidence).criteria, (criteria) => ({
    ...head,
    type: "payment_scheduled" as const,
    payload: { ...paid, criteria },
  }));
}

/** What tells that a payment that the owner signed executed. Null where none was waited for. */
export function confirmSchedule(state: State, obligation: Obligation): Body<"payment_settled"> | null {
  const task = taskOf(state, obligation);
  if (!task?.approval || task.agent === null || state.manifest === null) return null;
  const { transfer } = task.approval;
  const payload = {
    amount: rewardOf(task.spec, task.result?.payload ?? null),
    token_id: state.manifest.token,
    transfer,
  };
  return {
    v: 1,
    type: "payment_settled",
    re: obligation.id,
    task_id: task.id,
    to: task.agent,
    payload: { ...payload, criteria: [...task.criteria] },
  };
}

/** What says that a settlement's batch executed and failed; the next one is due later each time. */
export function failPayment(
  state: State,
  obligation: Obligation,
  status: string,
): Body<"payment_failed"> | null {
  const task = taskOf(state, obligation);
  if (!task) return null;
  const wait = Math.min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** task.failedPayments);
  const payload = { status, retry_seconds: wait };
  return { v: 1, type: "payment_failed", re: obligation.id, task_id: task.id, payload };
}
