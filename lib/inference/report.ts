/** What there is to say about an edition: a summary of its tasks, money, forecast and trade, and what was out of order. */
import type { TaskState } from "../festival/state.ts";
import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import { addSeconds, secondsOf, type Timestamp } from "../hedera/timestamp.ts";
import type { Side } from "../market/swap.ts";
import { skill } from "./evaluate.ts";

/** A task of the edition as the log has it at the time of the report. */
export interface ReportedTask {
  readonly task_id: string;
  readonly kind: string;
  readonly state: TaskState;
  /** 0 until it was first assigned. */
  readonly attempt: number;
  readonly lease_seconds: number;
  /** When it last changed. */
  readonly changed: Timestamp;
  /** How long the work took, if a result is in. */
  readonly duration_ms?: number | undefined;
  /** Token units paid for it. */
  readonly paid?: TokenUnits | undefined;
}

/** The scores of the edition's forecast on held-back history. */
export interface ReportedForecast {
  readonly pinball: number;
  readonly pinball_random_walk: number;
  readonly coverage_80: number;
}

/** What came of the edition's trade. */
export interface ReportedTrade {
  readonly outcome: "settled" | "failed" | "held";
  readonly side?: Side | undefined;
  readonly hbar?: Tinybar | undefined;
  readonly tokens?: TokenUnits | undefined;
}

/** What a report is made from. */
export interface ReportInputs {
  /** The task that reports: it can't be finished yet and isn't judged. */
  readonly self: string;
  readonly edition: number;
  readonly started: Timestamp;
  /** Consensus time of the report's evidence. */
  readonly at: Timestamp;
  /** How many tasks the edition's plan announced. */
  readonly planned: number;
  readonly tasks: readonly ReportedTask[];
  /** What the network charged, in tinybars. */
  readonly fees: Tinybar;
  readonly forecast?: ReportedForecast | undefined;
  readonly trade?: ReportedTrade | undefined;
}

/** A task that is out of order: `late` has an agent whose lease ran out, `open` is only unfinished. */
export interface Anomaly {
  readonly what: "failed" | "late" | "open" | "retried";
  readonly task_id: string;
}

/** A report; what it doesn't know (no forecast, no trade in the edition) is `null`. */
export interface Report {
  readonly paid: number;
  readonly failed: number;
  readonly open: number;
  /** Tasks that the plan announced and the log doesn't have. */
  readonly missing: number;
  /** Attempts in all, the first ones too. */
  readonly attempts: number;
  /** Whole seconds of consensus time from the edition's start. */
  readonly seconds: number;
  /** Milliseconds of work in all, and the task that took longest. */
  readonly workMs: number;
  readonly slowest: string | null;
  readonly rewards: TokenUnits;
  readonly fees: Tinybar;
  readonly skill: number | null;
  readonly trade: ReportedTrade | null;
  readonly anomalies: readonly Anomaly[];
}

/** Reports on an edition. */
export function reportOn(inputs: ReportInputs): Report {
  const { tasks, self, forecast } = inputs;
  const others = tasks.filter((task) => task.task_id !== self);
  const worked = others.filter((task) => task.duration_ms !== undefined);
  const byDuration = [...worked].sort((a, b) => (b.duration_ms ?? 0) - (a.duration_ms ?? 0));
  return {
    paid: count(others, "paid"),
    failed: count(others, "failed"),
    open: others.length - count(others, "paid") - count(others, "failed"),
    missing: Math.max(0, inputs.planned - tasks.length),
    attempts: others.reduce((sum, task) => sum + task.attempt, 0),
    seconds: Number(secondsOf(inputs.at - inputs.started)),
    workMs: worked.reduce((sum, task) => sum + (task.duration_ms ?? 0), 0),
    slowest: byDuration[0]?.task_id ?? null,
    rewards: others.reduce((sum, task) => sum + (task.paid ?? 0n), 0n),
    fees: inputs.fees,
    skill: forecast === undefined ? null : skill(forecast.pinball, forecast.pinball_random_walk),
    trade: inputs.trade ?? null,
    anomalies: others.flatMap((task) =>
      whatIsWrong(task, inputs.at).map((what) => ({ what, task_id: task.task_id })),
    ),
  };
}

function whatIsWrong(task: ReportedTask, at: Timestamp): Anomaly["what"][] {
  const found: Anomaly["what"][] = [];
  if (task.state === "failed") found.push("failed");
  else if (task.state !== "paid") found.push(isLate(task, at) ? "late" : "open");
  if (task.attempt > 1) found.push("retried");
  return found;
}

function isLate(task: ReportedTask, at: Timestamp): boolean {
  const leased = task.state === "assigned" || task.state === "in_progress";
  return leased && addSeconds(task.changed, task.lease_seconds) < at;
}

function count(tasks: readonly ReportedTask[], state: TaskState): number {
  return tasks.filter((task) => task.state === state).length;
}
