import { addSeconds, secondsOf, type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import { type Draft, refuse } from "../draft.ts";
import type { Entry } from "../entry/entry.ts";
import { type Agent, agentOf, coordinatorOf } from "../roles.ts";
import type { Task, Trade } from "../state.ts";
import { openDeadline } from "./deadline.ts";
import { addLeaf } from "./leaves.ts";
import { renewLease } from "./work.ts";

/** The entry that proposes a trade; part 0 of the same obligation is the schedule itself. */
export const PROPOSAL_PART = 1;

/** The fund would trade: the desk owes a price. */
export function quoteRequested(draft: Draft, entry: Entry<"quote_requested">): void {
  draft.discharge(entry, ["execute"]);
  const task = draft.task(entry.body.task_id);
  if (task.trade !== null) refuse(`task ${task.id} has a trade already`);
  const { to, payload } = entry.body;
  const desk = agentOf(draft.state, to) ?? refuse(`there is no agent ${to}`);
  if (desk.role !== "desk") refuse(`${to} is no desk`);
  const trade: Trade = {
    stage: "requested",
    desk: desk.id,
    account: desk.account,
    side: payload.side,
    hbar: payload.hbar,
    tokens: 0n,
    expires: null,
    schedule: null,
    transaction: null,
    executed: null,
    reason: null,
  };
  draft.putTask({ ...task, state: "in_progress", trade });
  draft.open("quote", desk, { task: task.id });
  renewLease(draft, task);
}

/** The desk's price: the trade is to be scheduled before it expires. One that comes too late ends the trade. */
export function quote(draft: Draft, entry: Entry<"quote">): void {
  draft.discharge(entry, ["quote"]);
  const { task, trade } = tradeOf(draft, entry.body.task_id);
  const { payload } = entry.body;
  if ("declined" in payload) {
    endTrade(draft, task, trade, payload.declined);
    return;
  }
  if (payload.side !== trade.side || payload.hbar !== trade.hbar)
    refuse("it is not a quote of what was requested");
  const { timestamp } = entry.stamp;
  // The desk's id is used up: refused, it would owe a price until its next window, 3 minutes later.
  if (payload.expires <= timestamp) {
    endTrade(draft, task, trade, "the quote had expired when it came");
    return;
  }
  const expires = standsUntil(payload.expires, addSeconds(timestamp, task.leaseSeconds));
  draft.putTask({
    ...task,
    trade: { ...trade, stage: "quoted", tokens: payload.tokens, expires },
  });
  draft.open("propose", workerOf(draft, task), { task: task.id });
  renewLease(draft, task);
}

/**
 * When a quote expires: as the desk said, but not after the last whole second
 * of its task's lease. The desk reads its own clock, which may be ahead of the
 * network's; and a schedule expires on a whole second (HIP-423).
 */
function standsUntil(said: Timestamp, leaseEnd: Timestamp): Timestamp {
  const latest = timestampOf(secondsOf(leaseEnd));
  return said > latest ? latest : said;
}

/** The schedule is on the ledger: the desk signs it, the coordinator checks it. */
export function riskCheckRequested(draft: Draft, entry: Entry<"risk_check_requested">): void {
  draft.discharge(entry, ["propose"], PROPOSAL_PART);
  const { task, trade } = tradeOf(draft, entry.body.task_id);
  draft.putTask({
    ...task,
    trade: { ...trade, stage: "proposed", schedule: entry.body.payload.schedule_id },
  });
  const desk = agentOf(draft.state, trade.desk);
  if (desk !== undefined) draft.open("countersign", desk, { task: task.id });
  draft.open("approve", coordinator(draft), { task: task.id });
  draft.closeTask(task.id, ["expire"]);
  renewLease(draft, task);
}

/** Every limit holds: the coordinator signs, and the trade's outcome is owed. */
export function riskCheckApproved(draft: Draft, entry: Entry<"risk_check_approved">): void {
  draft.discharge(entry, ["approve"]);
  const { task, trade } = tradeOf(draft, entry.body.task_id);
  if (entry.body.payload.schedule_id !== trade.schedule) refuse(`the trade's schedule is ${trade.schedule}`);
  draft.closeTask(task.id, ["countersign"]);
  draft.putTask({ ...task, criteria: entry.body.payload.checks, trade: { ...trade, stage: "approved" } });
  draft.open("sign", coordinator(draft), { task: task.id });
  draft.open("conclude", workerOf(draft, task), { task: task.id });
  renewLease(draft, task);
}

/** A limit does not hold: without the coordinator's signature nothing can move. */
export function riskCheckDenied(draft: Draft, entry: Entry<"risk_check_denied">): void {
  draft.discharge(entry, ["approve"]);
  const { task, trade } = tradeOf(draft, entry.body.task_id);
  const failed = entry.body.payload.checks.filter(({ passed }) => !passed).map(({ name }) => name);
  const { checks: criteria } = entry.body.payload;
  endTrade(draft, { ...task, criteria }, trade, `denied: ${failed.join(", ") || "no reason given"}`);
}

/** The scheduled transfer executed: the agent owes its result. */
export function tradeSettled(draft: Draft, entry: Entry<"trade_settled">): void {
  draft.discharge(entry, ["conclude"]);
  const { task, trade } = tradeOf(draft, entry.body.task_id);
  const { payload } = entry.body;
  const same =
    payload.schedule_id === trade.schedule && payload.hbar === trade.hbar && payload.tokens === trade.tokens;
  if (!same || payload.side !== trade.side) refuse("it is not the trade that was approved");
  draft.closeTask(task.id, ["sign", "countersign"]);
  draft.putTask({
    ...task,
    trade: { ...trade, stage: "settled", transaction: payload.transaction, executed: payload.executed },
  });
  draft.changeEdition({ trades: draft.currentEdition().trades + 1 });
  addLeaf(draft, entry);
  draft.open("execute", workerOf(draft, task), { task: task.id });
  renewLease(draft, task);
  openDeadline(draft, task);
}

/** Nothing moved: the agent owes a result that says so. */
export function tradeFailed(draft: Draft, entry: Entry<"trade_failed">): void {
  const { kind } = draft.obligations.get(entry.body.re) ?? refuse(`obligation ${entry.body.re} is not open`);
  draft.discharge(entry, ["propose", "conclude"], kind === "propose" ? PROPOSAL_PART : 0);
  const { task, trade } = tradeOf(draft, entry.body.task_id);
  endTrade(draft, task, trade, entry.body.payload.reason);
}

function endTrade(draft: Draft, task: Task, trade: Trade, reason: string): void {
  draft.closeTask(task.id, ["quote", "propose", "countersign", "approve", "sign", "conclude"]);
  draft.putTask({ ...task, trade: { ...trade, stage: "failed", reason } });
  draft.open("execute", workerOf(draft, task), { task: task.id });
  renewLease(draft, task);
  openDeadline(draft, task);
}

function tradeOf(draft: Draft, taskId: string): { task: Task; trade: Trade } {
  const task = draft.task(taskId);
  return { task, trade: task.trade ?? refuse(`task ${taskId} has no trade`) };
}

function workerOf(draft: Draft, task: Task): Agent {
  const agent = task.agent === null ? undefined : agentOf(draft.state, task.agent);
  return agent ?? refuse(`task ${task.id} has no agent`);
}

function coordinator(draft: Draft): Agent {
  return coordinatorOf(draft.state) ?? refuse("there is no coordinator");
}
