import { sameTransactionId } from "../../hedera/transaction-id.ts";
import { type Draft, refuse } from "../draft.ts";
import type { Entry } from "../entry/entry.ts";
import { isManual } from "../manual.ts";
import { effectId, FAILURE_PART, type Obligation, windowOfId } from "../obligation.ts";
import { type Agent, agentOf, coordinatorOf } from "../roles.ts";
import type { State, Task } from "../state.ts";
import { confirmPayment, refuseOtherPayment } from "./approval.ts";
import { openDeadline } from "./deadline.ts";
import { addLeaf } from "./leaves.ts";
import { answerManual, waitForOwner } from "./manual.ts";
import { dependantsOf, openAssignments, openCommitWhenDone } from "./plan.ts";
import { openScore } from "./score.ts";

/** An agent is to do a task, and is watched until its lease runs out. */
export function taskAssignment(draft: Draft, entry: Entry<"task_assignment">): void {
  draft.discharge(entry, ["assign"]);
  beginAttempt(draft, entry, draft.task(entry.body.task_id));
}

/** The lease ran out: the next attempt begins, or goes on with a trade of the last one that is still in the air. */
export function taskReassigned(draft: Draft, entry: Entry<"task_reassigned">): void {
  draft.discharge(entry, ["watch"]);
  const task = draft.task(entry.body.task_id);
  if (attemptsLeft(draft.state, task) === 0 && !mayMoveMoney(task))
    refuse(`task ${task.id} has no attempts left`);
  draft.closeTask(task.id, ["start", "execute", "quote", "propose", "conclude"]);
  draft.missed(task.agent);
  beginAttempt(draft, entry, { ...task, missed: missedBy(task) });
}

/** The agent works on it: the lease begins anew, and half of it later another sign of work is due. */
export function statusUpdate(draft: Draft, entry: Entry<"status_update">): void {
  const { agent } = draft.discharge(entry, ["start"]);
  const task = draft.task(entry.body.task_id);
  draft.putTask({ ...task, state: "in_progress" });
  renewLease(draft, task);
  const worker = agentOf(draft.state, agent);
  if (worker !== undefined) openNextSign(draft, task, worker);
}

/** The work is in; from here on only its settlement counts. */
export function taskResult(draft: Draft, entry: Entry<"task_result">): void {
  const obligation = draft.obligations.get(entry.body.re);
  if (obligation?.kind === "manual") answerManual(draft, entry, obligation);
  else draft.discharge(entry, ["execute"]);
  const task = draft.task(entry.body.task_id);
  const { sequence, timestamp, payer: account } = entry.stamp;
  draft.closeTask(task.id);
  draft.putTask({
    ...task,
    state: "review",
    failedPayments: 0,
    result: { sequence, timestamp, account, payload: entry.body.payload },
  });
  draft.open("settle", coordinator(draft), { task: task.id });
  addLeaf(draft, entry);
}

/** The result was judged and failed: back to the agent while attempts are left, or to another if it is gone. */
export function qualityGate(draft: Draft, entry: Entry<"quality_gate">): void {
  draft.discharge(entry, ["settle"]);
  const task = draft.task(entry.body.task_id);
  const { criteria } = entry.body.payload;
  const judged = { ...task, criteria, trade: task.trade?.stage === "settled" ? task.trade : null };
  const agent = task.agent === null ? undefined : agentOf(draft.state, task.agent);
  if (attemptsLeft(draft.state, task) === 0) {
    draft.putTask(judged);
    draft.open("fail", coordinator(draft), { task: task.id });
    return;
  }
  openDeadline(draft, task);
  if (isManual(task)) {
    waitForOwner(draft, { ...task, ...judged });
    return;
  }
  if (agent === undefined) {
    draft.putTask({ ...judged, state: "pending", agent: null });
    draft.open("assign", coordinator(draft), { task: task.id });
    return;
  }
  draft.putTask({ ...judged, state: "in_progress", attempt: task.attempt + 1, began: entry.stamp.timestamp });
  draft.open("execute", agent, { task: task.id });
  openNextSign(draft, task, agent);
  renewLease(draft, task);
}

/** The result passed and was paid, in one transaction: what waited for it can begin. */
export function paymentSettled(draft: Draft, entry: Entry<"payment_settled">): void {
  const task = draft.task(entry.body.task_id);
  const { payload, to } = entry.body;
  if (task.spec.approval === undefined) {
    const obligation = draft.discharge(entry, ["settle"], SETTLED_PART);
    if (!isTransferOf(obligation, entry)) refuse("its transfer is not the one of its batch");
  } else confirmPayment(draft, entry, task);
  const result = task.result ?? refuse(`task ${task.id} has no result`);
  refuseOtherPayment(draft, task, { to, amount: payload.amount, token: payload.token_id });
  const { sequence, timestamp } = entry.stamp;
  const payment = {
    sequence,
    timestamp,
    account: result.account,
    amount: payload.amount,
    transfer: payload.transfer,
  };
  const paid = { criteria: payload.criteria, payment, approval: null, reason: null };
  draft.putTask({ ...task, state: "paid", ...paid });
  const edition = draft.currentEdition();
  draft.changeEdition({ payments: edition.payments + 1, amount: edition.amount + payload.amount });
  addLeaf(draft, entry);
  openScore(draft, task);
  openAssignments(draft, dependantsOf(edition, task.id));
  openCommitWhenDone(draft);
}

/** The result passed and was not paid, for want of money or of a signature: the settlement is owed again, later. */
export function paymentFailed(draft: Draft, entry: Entry<"payment_failed">): void {
  const owed = draft.obligations.get(entry.body.re)?.kind;
  draft.discharge(entry, ["settle", "confirm"], owed === "confirm" ? 0 : FAILURE_PART);
  const task = draft.task(entry.body.task_id);
  const { status, retry_seconds: delaySeconds } = entry.body.payload;
  const failed = { approval: null, reason: status, failedPayments: task.failedPayments + 1 };
  draft.putTask({ ...task, state: "complete", ...failed });
  draft.open("settle", coordinator(draft), { task: task.id, delaySeconds });
}

/** The task will not be done, and neither will what depends on it. */
export function taskFailed(draft: Draft, entry: Entry<"task_failed">): void {
  const { kind } = draft.discharge(entry, ["fail", "watch", "expire"]);
  const task = draft.task(entry.body.task_id);
  if (mayMoveMoney(task)) refuse(`the trade of task ${task.id} may execute`);
  const late = kind === "watch";
  if (late) draft.missed(task.agent);
  draft.closeTask(task.id);
  const missed = late ? missedBy(task) : task.missed;
  draft.putTask({ ...task, missed, state: "failed", reason: entry.body.payload.reason });
  failDependants(draft, task.id);
  openCommitWhenDone(draft);
}

/** Owes the end of what waits for a task that failed. */
export function failDependants(draft: Draft, id: string): void {
  for (const dependant of dependantsOf(draft.currentEdition(), id)) {
    const owed = [...draft.obligations.values()].some(
      ({ kind, taskId }) => kind === "fail" && taskId === dependant.id,
    );
    if (dependant.state === "pending" && !owed)
      draft.open("fail", coordinator(draft), { task: dependant.id });
  }
}

/** The member of a settlement's batch that is the transfer. */
export const TRANSFER_PART = 1;
/** The member of a settlement's batch that is its entry. */
export const SETTLED_PART = 2;

/** The lease begins anew. */
export function renewLease(draft: Draft, task: Task): void {
  draft.closeTask(task.id, ["watch"]);
  draft.open("watch", coordinator(draft), { task: task.id, delaySeconds: task.leaseSeconds });
}

/** Half of the lease later another sign of work is due. */
function openNextSign(draft: Draft, task: Task, worker: Agent): void {
  const delaySeconds = Math.max(1, Math.floor(task.leaseSeconds / 2));
  draft.open("start", worker, { task: task.id, delaySeconds });
}

/** How often the task may still be tried after the current attempt. */
export function attemptsLeft(state: State, task: Task): number {
  return Math.max(0, (state.manifest?.limits.attempts ?? 0) - task.attempt);
}

/**
 * Whether the task's trade has every approval, and no outcome yet: it executes, or it has. Whoever
 * is its agent must tell which, so the task goes on beyond its last attempt.
 */
export function mayMoveMoney(task: Task): boolean {
  return task.trade?.stage === "approved";
}

function beginAttempt(draft: Draft, entry: Entry<"task_assignment" | "task_reassigned">, task: Task): void {
  const { to, payload } = entry.body;
  const agent = agentOf(draft.state, to) ?? refuse(`there is no agent ${to}`);
  if (agent.role !== task.spec.role) refuse(`${to} is no ${task.spec.role} agent`);
  if (payload.attempt !== task.attempt + 1)
    refuse(`attempt ${task.attempt + 1} is next, not ${payload.attempt}`);
  const inTheAir = task.trade?.stage === "proposed" || task.trade?.stage === "approved";
  const trade = inTheAir || task.trade?.stage === "settled" ? task.trade : null;
  const next = {
    ...task,
    state: "assigned" as const,
    agent: agent.id,
    attempt: payload.attempt,
    trade,
    began: entry.stamp.timestamp,
  };
  draft.putTask({ ...next, leaseSeconds: payload.lease_seconds });
  draft.open("start", agent, { task: task.id });
  if (trade?.stage === "approved") draft.open("conclude", agent, { task: task.id });
  else if (!inTheAir) draft.open("execute", agent, { task: task.id });
  renewLease(draft, { ...next, leaseSeconds: payload.lease_seconds });
}

function missedBy({ missed, agent }: Task): readonly string[] {
  return agent === null ? missed : [...missed, agent];
}

function isTransferOf(obligation: Obligation, entry: Entry<"payment_settled">): boolean {
  const { transactionId } = entry.stamp;
  if (transactionId === null) return false;
  const transfer = effectId(obligation, windowOfId(obligation, transactionId), TRANSFER_PART);
  return sameTransactionId(entry.body.payload.transfer, transfer);
}

function coordinator(draft: Draft): Agent {
  return coordinatorOf(draft.state) ?? refuse("there is no coordinator");
}
