import * as z from "zod/mini";
import { agentsOf } from "../../../lib/festival/roles.ts";
import { forecastOf, type Skill, skillOf, type Tally } from "../../../lib/festival/score.ts";
import type { State } from "../../../lib/festival/state.ts";
import { type Timestamp, timestampOf } from "../../../lib/hedera/timestamp.ts";
import { once } from "./once.ts";
import { type ResultRecord, readerOf } from "./results.ts";
import type { ScoreRecord } from "./scores.ts";

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
  /** In micro-USD, of all that said it; null where none did. */
  readonly cost: bigint | null;
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
    const costs = same.flatMap(({ payload }) => payload.provenance?.cost_micro_usd ?? []);
    const times = same.flatMap(({ payload }) => payload.duration_ms ?? []).toSorted((a, b) => a - b);
    return {
      kind,
      done: same.length - failed,
      failed,
      medianMs: times[Math.floor(times.length / 2)] ?? null,
      slowestMs: times.at(-1) ?? null,
      cost: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0n),
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
  /** The full hour that it is about. */
  readonly until: Timestamp;
  readonly last: bigint;
  readonly low: bigint;
  readonly middle: bigint;
  readonly high: bigint;
  /** What share of held-back hours fell between low and high; 0.8 would be calibrated. Null where it does not say. */
  readonly coverage: number | null;
  /** Of its loss against a random walk's; above 0 it is better. Null where there is none to compare. */
  readonly skill: number | null;
}

/** What a forecast says of itself on the hours that were held back. */
const backtests = readerOf(
  z.object({
    coverage_80: z.optional(z.number()),
    pinball: z.optional(z.number()),
    pinball_random_walk: z.optional(z.number()),
  }),
);

/** Every forecast of the log that can be scored. */
export const forecastsOf = once((results: readonly ResultRecord[]): readonly Forecast[] =>
  backtests(results).flatMap(({ result, output }) => {
    const said = forecastOf(result.payload.output);
    if (said === null) return [];
    const { sequence, timestamp, edition, task } = result;
    const { pinball, pinball_random_walk: walk } = output;
    return [
      {
        sequence,
        timestamp,
        edition,
        task,
        model: said.model,
        horizonHours: said.horizonHours,
        until: timestampOf(BigInt(said.hour)),
        last: said.last,
        low: said.q10,
        middle: said.q50,
        high: said.q90,
        coverage: output.coverage_80 ?? null,
        skill: pinball === undefined || walk === undefined || walk === 0 ? null : 1 - pinball / walk,
      },
    ];
  }),
);

/** Finds what became of forecasts: results that said the same of the same hour share one score. */
export function scoresBy(
  forecasts: readonly Forecast[],
  scores: readonly ScoreRecord[],
): (forecast: Forecast) => ScoreRecord | null {
  const byResult = new Map(scores.map((score) => [score.result, score]));
  const bySaid = new Map<string, ScoreRecord>();
  for (const forecast of forecasts) {
    const score = byResult.get(forecast.sequence);
    if (score !== undefined) bySaid.set(saidBy(forecast), score);
  }
  return (forecast) => bySaid.get(saidBy(forecast)) ?? null;
}

function saidBy({ model, until, horizonHours, low, middle, high }: Forecast): string {
  return [model, until, horizonHours, low, middle, high].join(" ");
}

/** How a model does at a horizon, by the scores of the whole log. */
export interface ModelSkill extends Skill {
  readonly name: string;
  readonly tally: Tally;
}

/** Every model that was scored, in the order in which they first were. */
export function skillsOf({ scores }: State): readonly ModelSkill[] {
  return [...scores].flatMap(([name, tally]) =>
    tally.count === 0 ? [] : [{ ...skillOf(tally), name, tally }],
  );
}
