/** What the owner does about what it sees, in the manner that the seed gave it. */
import type { Body } from "../../lib/festival/entry/entry.ts";
import { amendmentsOf } from "../../lib/festival/plan/diff.ts";
import type { Plan } from "../../lib/festival/plan/plan.ts";
import type { Edition, State, Task } from "../../lib/festival/state.ts";
import { NANOS_PER_MILLI } from "../../lib/hedera/timestamp.ts";
import type { Clock } from "../../lib/mirror/clock.ts";
import { approvePayment } from "../support/approval.ts";
import type { Owner } from "../support/owner.ts";
import { applyPlan } from "../support/plan-apply.ts";
import { answerTask, waitingTasks, withdrawTask } from "../support/tasks.ts";
import type { Asked, AskedChange, AskedSignature, AskedTask } from "./asked.ts";
import { changedPlan, changedTask, LARGE_TASK, MANUAL_TASK, PAGES } from "./plan.ts";

/** One command of the owner's. */
export interface Errand {
  readonly name: string;
  readonly run: (owner: Owner) => Promise<unknown>;
}

/** What the owner sees and knows. */
export interface Look {
  readonly state: State;
  readonly asked: Asked;
  /** As it was before the owner's change. */
  readonly plan: Plan;
  /** Milliseconds since the seed began. */
  readonly elapsed: number;
  readonly isStormy: boolean;
  /** When it will get round to an attempt of its task, once it has seen it: milliseconds since the seed began. */
  readonly intentions: Map<number, number>;
  readonly clock: Clock;
}

/** Milliseconds that a person who is late lets an attempt of its task lie, at least and at most. */
const LATE = { least: 10_000, most: 200_000 };

/** The commands to run now, side by side. */
export function errandsOf(look: Look): readonly Errand[] {
  const { state, asked } = look;
  return [
    ...(asked.task === null ? [] : answers(look, asked.task)),
    ...(asked.signature === null ? [] : signatures(look, asked.signature)),
    ...(asked.change === null || state.edition === null ? [] : changes(look, asked.change, state.edition)),
  ];
}

/** Whether nothing will ever be left to do for the owner. */
export function hasFinished({ state: { edition }, asked: { task, signature, change }, plan }: Look): boolean {
  if (edition === null) return false;
  if (edition.committed !== null) return true;
  const isEnded = (id: string) => ["paid", "failed"].includes(edition.tasks.get(id)?.state ?? "");
  return (
    (task === null || task.manner === "never" || isEnded(MANUAL_TASK)) &&
    (signature === null || signature.manner === "never" || isEnded(LARGE_TASK)) &&
    (change === null || isChanged(edition, plan, change))
  );
}

function answers(look: Look, { manner, misses }: AskedTask): readonly Errand[] {
  const waiting = waitingTasks(look.state).find(({ id }) => id === MANUAL_TASK);
  if (waiting === undefined || manner === "never") return [];
  if (manner === "late" && look.elapsed < intentionFor(look, waiting.attempt)) return [];
  const answer: Errand = {
    name: `answer attempt ${waiting.attempt} of ${MANUAL_TASK}`,
    run: (owner) => answerTask(owner, MANUAL_TASK, answerOf(waiting, misses)),
  };
  return manner === "twice" ? [answer, answer] : [answer];
}

function intentionFor({ intentions, elapsed, clock }: Look, attempt: number): number {
  const known = intentions.get(attempt);
  if (known !== undefined) return known;
  const at = elapsed + LATE.least + clock.random() * (LATE.most - LATE.least);
  intentions.set(attempt, at);
  return at;
}

/** Of the answers that miss, the first says too little, and the others that it cannot be done. */
function answerOf({ attempt }: Task, misses: number): Body<"task_result">["payload"] {
  if (attempt > misses) return { status: "completed", metrics: { pages: PAGES } };
  if (attempt > 1) return { status: "failed", error: "it cannot be done" };
  return { status: "completed", metrics: { pages: PAGES - 1 } };
}

function signatures(look: Look, { manner }: AskedSignature): readonly Errand[] {
  const { clock, isStormy } = look;
  const task = look.state.edition?.tasks.get(LARGE_TASK);
  if (!task?.approval || manner === "never") return [];
  if (manner === "late" && task.failedPayments === 0) return [];
  const { schedule, expires } = task.approval;
  const approve: Errand = {
    name: `approve ${schedule}`,
    run: (owner) => approvePayment(owner, LARGE_TASK),
  };
  if (manner === "twice") return [approve, approve];
  if (manner === "silent") {
    return [{ name: `sign ${schedule}`, run: (owner) => owner.perform({ kind: "scheduleSign", schedule }) }];
  }
  if (manner !== "last moment" || !isStormy) return [approve];
  const left = Number((expires - clock.now()) / NANOS_PER_MILLI);
  const lead = Math.floor(clock.random() * 6_000) - 1_000;
  const run = async (owner: Owner) => {
    await clock.sleep(Math.max(0, left - lead));
    await approvePayment(owner, LARGE_TASK);
  };
  return [{ name: `approve ${schedule} ${lead} ms before it expires`, run }];
}

function changes({ elapsed, plan }: Look, change: AskedChange, edition: Edition): readonly Errand[] {
  if (elapsed < change.at || isChanged(edition, plan, change)) return [];
  const id = changedTask(plan, change);
  const name = `${change.kind} task ${id}`;
  if (change.kind === "withdraw") return [{ name, run: (owner) => withdrawTask(owner, id, "no need") }];
  return [{ name, run: (owner) => applyPlan(owner, async () => changedPlan(plan, change)) }];
}

/** Whether the edition is as the owner wants it, or can never be. */
function isChanged(edition: Edition, plan: Plan, change: AskedChange): boolean {
  if (change.kind !== "withdraw") return amendmentsOf(changedPlan(plan, change), edition).length === 0;
  const { state } = edition.tasks.get(changedTask(plan, change)) ?? {};
  return state === "failed" || state === "review" || state === "complete" || state === "paid";
}
