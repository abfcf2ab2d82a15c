import * as z from "zod/mini";
import { agentsOf } from "../../../lib/festival/roles.ts";
import type { State } from "../../../lib/festival/state.ts";
import { addSeconds, type Timestamp } from "../../../lib/hedera/timestamp.ts";
import { referencesOf } from "./market.ts";
import { outputsOf, type ResultRecord, whole } from "./results.ts";

/** The results that agents of the inference role handed in. */
export function jobsOf(results: readonly ResultRecord[], state: State): readonly ResultRecord[] {
  const agents = new Set(agentsOf(state).flatMap(({ id, role }) => (role === "inference" ? [id] : [])));
  return results.filter(({ agent }) => agents.has(agent));
}

/** How often a kind of work was done, and how fast. */
export interface JobKind {
  readonly kind: string;
  readonly done: number;
  readonly failed: number;
  /** The middle of all that said it. */
  readonly medianMs: number | null;
  readonly slowestMs: number | null;
}

/** Jobs by kind, in the order in which they first came. */
export function kindsOf(jobs: readonly ResultRecord[]): readonly JobKind[] {
  const byKind = new Map<string, ResultRecord[]>();
  for (const job of jobs) {
    const same = byKind.get(job.kind);
    if (same === undefined) byKind.set(job.kind, [job]);
    else same.push(job);
  }
  return [...byKind].map(([kind, same]) => {
    const failed = same.filter(({ payload }) => payload.status === "failed").length;
    const times = same.flatMap(({ payload }) => payload.duration_ms ?? []).toSorted((a, b) => a - b);
    return {
      kind,
      done: same.length - failed,
      failed,
      medianMs: times[Math.floor(times.length / 2)] ?? null,
      slowestMs: times.at(-1) ?? null,
    };
  });
}

/** A forecast of the price of one HBAR, in micro-USD, and what became of it. */
export interface Forecast {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly edition: number;
  readonly task: string;
  readonly model: string;
  readonly horizonHours: number;
  /** When it can be told whether it held. */
  readonly until: Timestamp;
  readonly last: bigint;
  readonly low: bigint;
  readonly middle: bigint;
  readonly high: bigint;
  /** What share of held-back hours fell between low and high; 0.8 would be calibrated. */
  readonly coverage: number;
  /** Of its loss against a random walk's; above 0 it is better. Null where there is none to compare. */
  readonly skill: number | null;
  /** The first price that a later result of the log read after its horizon; null until then. */
  readonly actual: bigint | null;
}

const forecast = z.object({
  model: z.string(),
  horizon_hours: z.int().check(z.positive()),
  last_micro_usd: whole,
  q10_micro_usd: whole,
  q50_micro_usd: whole,
  q90_micro_usd: whole,
  coverage_80: z.number(),
  pinball: z.number(),
  pinball_random_walk: z.number(),
});

/** Every forecast of the log, with the prices that the log read later. */
export function forecastsOf(results: readonly ResultRecord[]): readonly Forecast[] {
  const references = referencesOf(results);
  return outputsOf(results, forecast).map(({ result, output }) => {
    const { sequence, timestamp, edition, task } = result;
    const until = addSeconds(timestamp, output.horizon_hours * 3_600);
    return {
      sequence,
      timestamp,
      edition,
      task,
      model: output.model,
      horizonHours: output.horizon_hours,
      until,
      last: output.last_micro_usd,
      low: output.q10_micro_usd,
      middle: output.q50_micro_usd,
      high: output.q90_micro_usd,
      coverage: output.coverage_80,
      skill: output.pinball_random_walk === 0 ? null : 1 - output.pinball / output.pinball_random_walk,
      actual: references.find((reference) => reference.timestamp >= until)?.price ?? null,
    };
  });
}

/** How many of the forecasts whose horizon is over held. */
export function heldOf(forecasts: readonly Forecast[]): { readonly over: number; readonly held: number } {
  const over = forecasts.filter(({ actual }) => actual !== null);
  const held = over.filter(({ actual, low, high }) => actual !== null && low <= actual && actual <= high);
  return { over: over.length, held: held.length };
}
