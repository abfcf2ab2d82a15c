/** `report`: an edition in figures, and what was out of order in it. */
import * as z from "zod/mini";
import { amount, count, taskId, timestamp } from "../../festival/entry/field.ts";
import { rounded } from "../exact-math.ts";
import { reportOn } from "../report.ts";
import { provenance, provenanceOf, statistic } from "./field.ts";
import { kindOf } from "./kind.ts";

/** How many anomalies a report names; `anomalies_total` counts them all, and the missing ones. */
const MAX_ANOMALIES = 5;

const side = z.enum(["buy", "sell"]);
const trade = z.object({
  outcome: z.enum(["settled", "failed", "held"]),
  side: z.optional(side),
  hbar: z.optional(amount),
  tokens: z.optional(amount),
});

/** Input of `report`: the edition as the log has it, see `ReportInputs`. Times are consensus times, `fees` tinybars. */
const reportInput = z.object({
  self: taskId,
  edition: z.int().check(z.positive()),
  started: timestamp,
  at: timestamp,
  planned: count,
  tasks: z.array(
    z.object({
      task_id: taskId,
      kind: z.string(),
      state: z.enum(["pending", "assigned", "in_progress", "review", "complete", "paid", "failed"]),
      attempt: count,
      lease_seconds: count,
      changed: timestamp,
      duration_ms: z.optional(count),
      paid: z.optional(amount),
    }),
  ),
  fees: amount,
  forecast: z.optional(
    z.object({ pinball: statistic, pinball_random_walk: statistic, coverage_80: statistic }),
  ),
  trade: z.optional(trade),
});

/**
 * Output of `report`: counts of tasks and attempts, seconds of consensus time,
 * milliseconds of work, rewards in token units and fees in tinybars; the
 * forecast's skill against the random walk (0 is none) and coverage; the trade;
 * up to five anomalies. What the edition didn't have is `null`.
 */
const reportOutput = z.object({
  ...provenance,
  edition: count,
  planned: count,
  paid: count,
  failed: count,
  open: count,
  missing: count,
  attempts: count,
  seconds: count,
  work_ms: count,
  slowest: z.nullable(taskId),
  rewards: amount,
  fees: amount,
  skill: z.nullable(statistic),
  coverage_80: z.nullable(statistic),
  trade: z.nullable(trade),
  anomalies: z.array(z.object({ what: z.enum(["failed", "late", "open", "retried"]), task_id: taskId })),
  anomalies_total: count,
});

/** The kind `report`. Metrics: `paid`, `failed`, `anomalies`, and `skill` if there was a forecast. */
export const report = kindOf<z.output<typeof reportInput>, z.output<typeof reportOutput>>({
  name: "report",
  input: reportInput,
  output: reportOutput,
  work(input) {
    const found = reportOn(input);
    return {
      ...provenanceOf({ model: "audit", version: "1" }),
      edition: input.edition,
      planned: input.planned,
      paid: found.paid,
      failed: found.failed,
      open: found.open,
      missing: found.missing,
      attempts: found.attempts,
      seconds: found.seconds,
      work_ms: found.workMs,
      slowest: found.slowest,
      rewards: found.rewards,
      fees: found.fees,
      skill: found.skill === null ? null : rounded(found.skill),
      coverage_80: input.forecast?.coverage_80 ?? null,
      trade: found.trade,
      anomalies: found.anomalies.slice(0, MAX_ANOMALIES).map((anomaly) => ({ ...anomaly })),
      anomalies_total: found.missing + found.anomalies.length,
    };
  },
  metrics: ({ paid, failed, anomalies_total, skill }) => ({
    paid,
    failed,
    anomalies: anomalies_total,
    ...(skill === null ? {} : { skill }),
  }),
});
