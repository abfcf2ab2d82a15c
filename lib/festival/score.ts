/** What a forecast was worth, once its horizon has passed: whole numbers only, so that every reader agrees. */
import * as z from "zod/mini";
import { amount, text } from "./entry/field.ts";

/** Seconds in an hour, for which a rate of the network is in force. */
export const HOUR_SECONDS = 3_600;

const name = text.check(z.maxLength(32));
const price = amount.check(z.positive());

/**
 * What an output must say to be scored as a forecast: prices in micro-USD a
 * HBAR, as 10, 50 and 90% quantiles that do not cross, and the random walk's.
 * `as_of` is the last hour whose rate it knew, in unix seconds.
 */
const claim = z
  .object({
    engine: name,
    model: name,
    version: name,
    as_of: z.int().check(z.nonnegative(), z.multipleOf(HOUR_SECONDS)),
    horizon_hours: z.int().check(z.positive(), z.lte(168)),
    last_micro_usd: price,
    q10_micro_usd: price,
    q50_micro_usd: price,
    q90_micro_usd: price,
    walk_q10_micro_usd: price,
    walk_q90_micro_usd: price,
  })
  .check(
    z.refine(
      (said) => said.q10_micro_usd <= said.q50_micro_usd && said.q50_micro_usd <= said.q90_micro_usd,
      "its quantiles cross",
    ),
  );

/** A forecast of the price of HBAR that waits for its score. */
export interface OpenForecast {
  readonly engine: string;
  readonly model: string;
  readonly version: string;
  readonly horizonHours: number;
  /** The full hour that it is about, in unix seconds. */
  readonly hour: number;
  /** Prices in micro-USD a HBAR: the one that it started from, its quantiles, the random walk's. */
  readonly last: bigint;
  readonly q10: bigint;
  readonly q50: bigint;
  readonly q90: bigint;
  readonly walk10: bigint;
  readonly walk90: bigint;
  /** How many paid results said the very same; it is scored once. */
  readonly results: number;
}

/** The network's exchange rate of an hour: so many US cents for so many HBAR, both positive. */
export interface RealisedRate {
  readonly centEquivalent: bigint;
  readonly hbarEquivalent: bigint;
}

/** The score of one forecast. */
export interface Score {
  /** Mean pinball loss over the three quantiles, in billionths of the price that it started from: less is better. */
  readonly pinball: bigint;
  /** The random walk's. */
  readonly randomWalk: bigint;
  /** Whether the price came out between the 10 and the 90% quantile, ends included. */
  readonly covered: boolean;
  /** Whether it came out between the random walk's. */
  readonly walkCovered: boolean;
}

/** The scores of a model at a horizon, summed. */
export interface Tally {
  readonly engine: string;
  readonly model: string;
  readonly version: string;
  readonly horizonHours: number;
  /** Forecasts scored, each once however many results said it. */
  readonly count: number;
  readonly covered: number;
  readonly walkCovered: number;
  /** Billionths, summed. */
  readonly pinball: bigint;
  readonly randomWalk: bigint;
}

/** No forecast is worse than this: a thousand times the price. */
const WORST = 1_000_000_000_000n;
const BILLION = 1_000_000_000n;
const MICRO_USD_PER_CENT = 10_000n;

/** Reads an output as a forecast; null if it is none that could be scored. */
export function forecastOf(output: unknown): OpenForecast | null {
  const parsed = z.safeParse(claim, output);
  if (!parsed.success) return null;
  const { engine, model, version, as_of, horizon_hours, ...prices } = parsed.data;
  return {
    engine,
    model,
    version,
    horizonHours: horizon_hours,
    hour: as_of + horizon_hours * HOUR_SECONDS,
    last: prices.last_micro_usd,
    q10: prices.q10_micro_usd,
    q50: prices.q50_micro_usd,
    q90: prices.q90_micro_usd,
    walk10: prices.walk_q10_micro_usd,
    walk90: prices.walk_q90_micro_usd,
    results: 1,
  };
}

/** Whether two results say the same of the same hour. */
export function isSameForecast(a: OpenForecast, b: OpenForecast): boolean {
  return SAID.every((field) => a[field] === b[field]);
}

/**
 * Scores a forecast. The pinball loss of a quantile p is the error, weighted with
 * p when the price came out above and with 1 - p when below; the median of the
 * random walk is the price that it started from. Exact but for one last rounding.
 */
export function scoreOf(forecast: OpenForecast, rate: RealisedRate): Score {
  const { last, q10, q50, q90, walk10, walk90 } = forecast;
  return {
    pinball: pinball([q10, q50, q90], last, rate),
    randomWalk: pinball([walk10, last, walk90], last, rate),
    covered: isBetween(q10, q90, rate),
    walkCovered: isBetween(walk10, walk90, rate),
  };
}

/** The tally that a score adds to; `before` is undefined for the first. */
export function tallied(before: Tally | undefined, forecast: OpenForecast, score: Score): Tally {
  const { engine, model, version, horizonHours } = forecast;
  return {
    engine,
    model,
    version,
    horizonHours,
    count: (before?.count ?? 0) + 1,
    covered: (before?.covered ?? 0) + Number(score.covered),
    walkCovered: (before?.walkCovered ?? 0) + Number(score.walkCovered),
    pinball: (before?.pinball ?? 0n) + score.pinball,
    randomWalk: (before?.randomWalk ?? 0n) + score.randomWalk,
  };
}

/** Under which name a forecast's scores are summed. */
export function tallyName({ engine, model, version, horizonHours }: Omit<OpenForecast, "results">): string {
  return `${engine}/${model}/${version} ${horizonHours}h`;
}

/** What a tally comes to. */
export interface Skill {
  readonly count: number;
  /** 1 - loss / the random walk's: 0 is none, negative is worse; null while the walk has made no error. */
  readonly skill: number | null;
  /** Mean losses in basis points of the price. */
  readonly pinballBps: number;
  readonly randomWalkBps: number;
  /** Shares of prices inside the 80% interval; 0.8 is calibrated. */
  readonly coverage: number;
  readonly walkCoverage: number;
}

/** A model's skill and calibration at a horizon, from what happened. The tally must not be empty. */
export function skillOf({ count, covered, walkCovered, pinball, randomWalk }: Tally): Skill {
  const bps = (sum: bigint) => Number(sum) / count / 100_000;
  return {
    count,
    skill: randomWalk === 0n ? null : 1 - Number(pinball) / Number(randomWalk),
    pinballBps: bps(pinball),
    randomWalkBps: bps(randomWalk),
    coverage: covered / count,
    walkCoverage: walkCovered / count,
  };
}

const SAID = [
  "engine",
  "model",
  "version",
  "horizonHours",
  "hour",
  "last",
  "q10",
  "q50",
  "q90",
  "walk10",
  "walk90",
] as const;

/** Tenths of the three probabilities. */
const TENTHS = [1n, 5n, 9n] as const;

function pinball(
  quantiles: readonly [bigint, bigint, bigint],
  last: bigint,
  { centEquivalent, hbarEquivalent }: RealisedRate,
): bigint {
  let loss = 0n;
  for (const [index, tenths] of TENTHS.entries()) {
    const error = centEquivalent * MICRO_USD_PER_CENT - (quantiles[index] ?? last) * hbarEquivalent;
    loss += error >= 0n ? tenths * error : (tenths - 10n) * error;
  }
  // The mean of three, in tenths, over `hbarEquivalent` and the price that it started from; halves up.
  const whole = 3n * 10n * hbarEquivalent * last;
  const rounded = (2n * loss * BILLION + whole) / (2n * whole);
  return rounded < WORST ? rounded : WORST;
}

function isBetween(low: bigint, high: bigint, { centEquivalent, hbarEquivalent }: RealisedRate): boolean {
  const realised = centEquivalent * MICRO_USD_PER_CENT;
  return low * hbarEquivalent <= realised && realised <= high * hbarEquivalent;
}
