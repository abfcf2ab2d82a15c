/** The audit of an edition: what each agent did, when it was late, what it cost, and what was out of order. */
import type { TaskState } from "../festival/state.ts";
import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import { secondsOf, type Timestamp } from "../hedera/timestamp.ts";

/** A task of the edition as the log has it. */
export interface ReviewedTask {
  readonly task_id: string;
  readonly state: TaskState;
  readonly agent: string | null;
  readonly attempt: number;
  /** Agents whose lease of it ran out. */
  readonly missed: readonly string[];
  readonly changed: Timestamp;
  readonly duration_ms?: number | undefined;
  /** Token units. */
  readonly paid?: TokenUnits | undefined;
}

/** An agent, and what the network charged its account since the edition began, in tinybars. */
export interface ReviewedAgent {
  readonly agent: string;
  readonly fees: Tinybar;
}

/** What a review is made from. */
export interface ReviewInputs {
  /** The task that reviews: it isn't judged. */
  readonly self: string;
  readonly started: Timestamp;
  /** As of when: what changed later counts as open, whoever looks when. */
  readonly at: Timestamp;
  readonly tasks: readonly ReviewedTask[];
  readonly agents: readonly ReviewedAgent[];
}

/** What an agent did. */
export interface AgentReview {
  readonly agent: string;
  /** Tasks that it was paid for, and that failed with it. */
  readonly paid: number;
  readonly failed: number;
  /** Leases that ran out. */
  readonly late: number;
  /** Results that a gate sent back, of tasks that were paid in the end. */
  readonly rejected: number;
  readonly workMs: number;
  readonly rewards: TokenUnits;
  readonly fees: Tinybar;
}

/** Something out of order. */
export interface Finding {
  readonly what: "failed" | "late" | "rejected" | "open" | "idle";
  /** The task, or of an idle agent its name. */
  readonly where: string;
}

/** A review. */
export interface Review {
  readonly seconds: number;
  readonly agents: readonly AgentReview[];
  readonly fees: Tinybar;
  readonly rewards: TokenUnits;
  readonly findings: readonly Finding[];
}

/** Reviews an edition. */
export function review({ self, started, at, tasks, agents }: ReviewInputs): Review {
  const others = tasks.filter(({ task_id }) => task_id !== self);
  const reviews = agents.map((agent) => reviewAgent(agent, others, at));
  const idle = reviews.filter(({ paid, failed, late, fees }) => paid + failed + late === 0 && fees === 0n);
  return {
    seconds: Number(secondsOf(at - started)),
    agents: reviews,
    fees: reviews.reduce((sum, { fees }) => sum + fees, 0n),
    rewards: reviews.reduce((sum, { rewards }) => sum + rewards, 0n),
    findings: [
      ...others.flatMap((task) => findingsOf(task, at).map((what) => ({ what, where: task.task_id }))),
      ...idle.map(({ agent }) => ({ what: "idle" as const, where: agent })),
    ],
  };
}

function reviewAgent(
  { agent, fees }: ReviewedAgent,
  tasks: readonly ReviewedTask[],
  at: Timestamp,
): AgentReview {
  const closed = tasks.filter((task) => isClosed(task, at));
  const own = closed.filter((task) => task.agent === agent);
  const paid = own.filter(({ state }) => state === "paid");
  return {
    agent,
    paid: paid.length,
    failed: own.length - paid.length,
    late: closed.reduce((sum, { missed }) => sum + missed.filter((name) => name === agent).length, 0),
    rejected: paid.reduce((sum, task) => sum + rejectionsOf(task), 0),
    workMs: paid.reduce((sum, { duration_ms }) => sum + (duration_ms ?? 0), 0),
    rewards: paid.reduce((sum, task) => sum + (task.paid ?? 0n), 0n),
    fees,
  };
}

function findingsOf(task: ReviewedTask, at: Timestamp): Finding["what"][] {
  if (!isClosed(task, at)) return ["open"];
  const found: Finding["what"][] = [];
  if (task.state === "failed") found.push("failed");
  if (task.missed.length > 0) found.push("late");
  if (task.state === "paid" && rejectionsOf(task) > 0) found.push("rejected");
  return found;
}

/** Attempts beyond the first that no lost lease explains. */
function rejectionsOf({ attempt, missed }: ReviewedTask): number {
  return Math.max(0, attempt - 1 - missed.length);
}

function isClosed({ state, changed }: ReviewedTask, at: Timestamp): boolean {
  return (state === "paid" || state === "failed") && changed <= at;
}
