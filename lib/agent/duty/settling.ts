import { taskOf } from "../../festival/decision/assignment.ts";
import {
  announceSchedule,
  confirmSchedule,
  failPayment,
  settleTask,
} from "../../festival/decision/settlement.ts";
import { encodeEntry } from "../../festival/entry/entry.ts";
import { effectMemo, FAILURE_PART } from "../../festival/obligation.ts";
import { rewardOf } from "../../festival/reward.ts";
import { APPROVAL_PART } from "../../festival/rules/approval.ts";
import { TRANSFER_PART } from "../../festival/rules/work.ts";
import type { Criterion, State, Task } from "../../festival/state.ts";
import type { Mirror } from "../../mirror/client.ts";
import type { Duty, Performed, Performers } from "../duty.ts";
import { hasLapsed } from "./lapse.ts";

/** What the judge reads for itself before it judges; it throws if it cannot read it. */
export type Evidence = (look: {
  state: State;
  task: Task;
  mirror: Mirror;
  signal: AbortSignal;
}) => Promise<readonly Criterion[]>;

type Scheduled = Extract<NonNullable<ReturnType<typeof settleTask>>, { kind: "schedule" }>;

/** Schedules the payment, which the owner must sign since it pays the transfer's fee, and tells of it. */
async function schedule(
  duty: Duty,
  task: Task,
  { account, owner, expires }: Scheduled,
  evidence: readonly Criterion[],
): Promise<Performed> {
  const { state, obligation } = duty;
  if (state.manifest === null) return { kind: "wait", reason: "there is no manifest" };
  const { token } = state.manifest;
  const reward = rewardOf(task.spec, task.result?.payload ?? null);
  const made = await duty.send({
    kind: "scheduleTransfer",
    hbar: [],
    tokens: [
      { token, account: obligation.payer, amount: -reward },
      { token, account, amount: reward },
    ],
    payer: owner,
    expiration: expires,
    // Of the first window in every window, so that the network knows the second try for the first.
    scheduleMemo: effectMemo(duty.log, obligation, 0),
  });
  if (made.kind === "failed") {
    const failed = failPayment(state, obligation, made.status);
    return duty.sayOrWait(failed, "there is no such task", FAILURE_PART);
  }
  if (made.kind !== "executed") return made;
  if (made.schedule === undefined || made.scheduledTransaction === undefined)
    return { kind: "wait", reason: "the schedule's ids are not known yet" };
  const ids = { schedule: made.schedule, transfer: made.scheduledTransaction };
  return duty.sayOrWait(
    announceSchedule(state, obligation, evidence, ids),
    "there is no such task",
    APPROVAL_PART,
  );
}

/** Tells what came of a payment that waited for the owner, from the schedule's own record. */
async function confirm(duty: Duty): Promise<Performed> {
  const { state, obligation, mirror } = duty;
  const task = taskOf(state, obligation);
  const approval = task?.approval;
  if (!task || !approval) return { kind: "wait", reason: "no payment waits for the owner" };
  const found = await mirror.schedule(approval.schedule);
  if (found === null) return { kind: "wait", reason: "the mirror node does not have the schedule yet" };
  if (found.executed === null) {
    const { transfer: id, expires } = approval;
    const parties = [id.payer, found.payer, ...(task.result === null ? [] : [task.result.account])];
    if (!(await hasLapsed(duty, { id, expires, parties })))
      return { kind: "wait", reason: "the owner has not signed yet" };
    return duty.sayOrWait(failPayment(state, obligation, "SCHEDULE_EXPIRED"), "there is no such task");
  }
  const transactions = await mirror.transaction(approval.transfer, { scheduled: true });
  const executed = transactions?.find(({ scheduled }) => scheduled);
  if (executed === undefined)
    return { kind: "wait", reason: "the mirror node does not have the payment yet" };
  const said =
    executed.result === "SUCCESS"
      ? confirmSchedule(state, obligation)
      : failPayment(state, obligation, executed.result);
  return duty.sayOrWait(said, "there is no such task");
}

/** Judges results, pays those that pass, and says why the others don't. */
export function settling(evidence: Evidence): Performers {
  return {
    settle: async (duty) => {
      const { state, mirror, obligation, signal } = duty;
      const task = taskOf(state, obligation);
      if (task === undefined) return { kind: "wait", reason: "there is no such task" };
      const found = await duty.once("evidence", () => evidence({ state, task, mirror, signal }));
      const settlement = settleTask(state, obligation, found, duty.id(TRANSFER_PART));
      if (settlement === null) return { kind: "wait", reason: "nobody is to be paid" };
      if (settlement.kind === "reject") return duty.say(settlement.body);
      if (settlement.kind === "schedule") return schedule(duty, task, settlement, found);
      const { body, account: to } = settlement;
      const { amount, token_id: token } = body.payload;
      const message = encodeEntry(body);
      const outcome = await duty.send({ kind: "payment", token, to, amount, topic: duty.log, message });
      if (outcome.kind !== "failed") return outcome;
      return duty.sayOrWait(
        failPayment(state, obligation, outcome.status),
        "there is no such task",
        FAILURE_PART,
      );
    },
    confirm,
  };
}
