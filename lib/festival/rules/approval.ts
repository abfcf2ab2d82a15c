/** Payments that wait for the owner's signature. */

import { addSeconds, NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import { sameTransactionId } from "../../hedera/transaction-id.ts";
import { type Draft, refuse } from "../draft.ts";
import type { Entry } from "../entry/entry.ts";
import { type Obligation, partOf } from "../obligation.ts";
import { rewardOf } from "../reward.ts";
import { coordinatorOf } from "../roles.ts";
import type { PendingApproval, Task } from "../state.ts";

/** The part of a settlement that says that the payment was scheduled; part 0 is the schedule itself. */
export const APPROVAL_PART = 3;
/** How long a payment waits for its signature whose task does not say: a week. */
const DEFAULT_APPROVAL_SECONDS = 604_800;
/** Seconds after an expiry until which the network may still record what it executed in time. */
export const EXPIRY_MARGIN = 5;

/** When the schedule that a settlement creates expires: a function of the log, so that every try creates the same one. */
export function approvalExpiry({ spec }: Task, { due }: Pick<Obligation, "due">): Timestamp {
  const whole = due - (due % NANOS_PER_SECOND);
  return addSeconds(whole, (spec.approval_seconds ?? DEFAULT_APPROVAL_SECONDS) + 1);
}

/** The result passed, and its payment waits for the owner; its outcome is owed when it expires at the latest. */
export function paymentScheduled(draft: Draft, entry: Entry<"payment_scheduled">): void {
  const task = draft.task(entry.body.task_id);
  const { payload, to } = entry.body;
  const obligation = draft.discharge(entry, ["settle"], APPROVAL_PART);
  if (task.spec.approval === undefined) refuse(`the payment of task ${task.id} needs no signature`);
  refuseOtherPayment(draft, task, { to, amount: payload.amount, token: payload.token_id });
  if (partOf(obligation, payload.transfer) !== 0) refuse("its schedule is not the one of its settlement");
  const expires = approvalExpiry(task, obligation);
  const { sequence, timestamp } = entry.stamp;
  const { criteria, schedule_id: schedule, transfer } = payload;
  const approval = { sequence, schedule, transfer, expires };
  draft.putTask({ ...task, state: "complete", criteria, approval, reason: null });
  const wait = addSeconds(expires, EXPIRY_MARGIN) - timestamp;
  const delaySeconds = wait <= 0n ? 0 : Number((wait + NANOS_PER_SECOND - 1n) / NANOS_PER_SECOND);
  const coordinator = coordinatorOf(draft.state) ?? refuse("there is no coordinator");
  draft.open("confirm", coordinator, { task: task.id, delaySeconds });
}

/** The owner signed: what came of the payment is owed now and not only when it expires. */
export function paymentApproved(draft: Draft, entry: Entry<"payment_approved">): void {
  const task = draft.task(entry.body.task_id);
  const approval = pendingOf(task);
  if (entry.body.payload.schedule_id !== approval.schedule) refuse(`the schedule is ${approval.schedule}`);
  const owed = [...draft.obligations.values()].find(
    ({ kind, taskId }) => kind === "confirm" && taskId === task.id,
  );
  if (owed === undefined || owed.due <= draft.stamp.timestamp) refuse("its outcome is owed already");
  const coordinator = coordinatorOf(draft.state) ?? refuse("there is no coordinator");
  draft.close(owed);
  draft.open("confirm", coordinator, { task: task.id });
}

/** Ends the wait for a payment that executed: it must be the one that was scheduled. */
export function confirmPayment(draft: Draft, entry: Entry<"payment_settled">, task: Task): void {
  draft.discharge(entry, ["confirm"]);
  const { transfer } = pendingOf(task);
  if (!sameTransactionId(entry.body.payload.transfer, transfer))
    refuse("its transfer is not the scheduled one");
}

/** Refuses a payment that is not the task's reward to whoever did it. */
export function refuseOtherPayment(
  draft: Draft,
  task: Task,
  { to, amount, token }: { readonly to: string; readonly amount: bigint; readonly token: string },
): void {
  if (to !== task.agent) refuse(`task ${task.id} was done by ${task.agent}`);
  const reward = rewardOf(task.spec, task.result?.payload ?? null);
  if (amount !== reward) refuse(`the reward of task ${task.id} is ${reward}`);
  if (token !== draft.state.manifest?.token) refuse(`payments are made in ${draft.state.manifest?.token}`);
}

function pendingOf({ id, approval }: Task): PendingApproval {
  return approval ?? refuse(`no payment of task ${id} waits for a signature`);
}
