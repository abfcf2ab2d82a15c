/**
 * The embedded forecast of the HBAR/USD rate, model `ewma-t5` version 1.
 *
 * Logarithmic returns have no drift. Their variance i hours ahead is the plain
 * one plus a part of today's departure from it, which fades:
 *
 *   v(i) = plain + CARRY x FADE^(i-1) x (ewma - plain)
 *
 * The variance at the horizon is the sum over its hours, and the quantiles are
 * those of a Student t distribution with five degrees of freedom of that
 * variance. The median is the last price. The random walk that it is measured
 * against has the same median, the plain variance every hour, and normal
 * quantiles.
 */
import { FestError } from "../hedera/error.ts";
import type { MicroUsd } from "../market/price.ts";
import { type Evaluation, evaluate, type Outcome, type Quantiles } from "./evaluate.ts";
import { exp, mean } from "./exact-math.ts";
import { lastRate, logReturns, MAX_HOURS, priceIn, prices, type RateSeries } from "./rate-series.ts";
import { varianceOf } from "./volatility.ts";

/** Name and version of the model; a change of any constant is a new version. */
export const FORECAST_MODEL = { model: "ewma-t5", version: "1" } as const;
/** The longest horizon, in hours. */
const MAX_HORIZON_HOURS = 24;
/** The fewest returns that a forecast is made from. */
const MIN_RETURNS = 24;

/** The part of the moving average's departure from the plain variance that the next hour is expected to keep. */
const CARRY = 0.5;
/** What is left of that part an hour later. */
const FADE = 0.9;
/** The 90% quantile of a Student t distribution with 5 degrees of freedom, scaled to variance 1: 1.475884 x sqrt(3/5). */
const T5_Q90 = 1.1432149;
/** The 90% quantile of the standard normal distribution. */
const NORMAL_Q90 = 1.2815516;

/** A model: half the width of the 80% interval in logarithms, from past returns. */
type HalfWidth = (returns: readonly number[], horizonHours: number) => number;

/** The model's half width. */
export const modelWidth: HalfWidth = (returns, horizonHours) => {
  const { plain, ewma } = varianceOf(returns);
  let variance = 0;
  let carry = CARRY;
  for (let hour = 0; hour < horizonHours; hour += 1) {
    variance += plain + carry * (ewma - plain);
    carry *= FADE;
  }
  return T5_Q90 * Math.sqrt(variance);
};

/** The random walk's half width. */
export const randomWalkWidth: HalfWidth = (returns, horizonHours) =>
  NORMAL_Q90 * Math.sqrt(mean(returns.map((r) => r * r)) * horizonHours);

/** A forecast with its error on the history that it was made from. */
export interface Forecast {
  /** The last hour that it knew, in unix seconds. */
  readonly asOf: number;
  readonly last: MicroUsd;
  readonly quantiles: Quantiles;
  /** What the random walk says of the same hour. */
  readonly randomWalkQuantiles: Quantiles;
  /** Hours that no judged forecast starts before the end of, less the horizon; the rest is held back. */
  readonly trainedOn: number;
  /** Every hour of the last third, forecast from what was known a horizon earlier. */
  readonly heldBack: Evaluation;
  /** The random walk on the same hours. */
  readonly randomWalk: Evaluation;
}

/**
 * Forecasts the price `horizonHours` after the last hour of `series`, and
 * measures the model and the random walk on the last third of it: each hour there is
 * forecast once, from the rates up to a horizon before it and no later.
 *
 * @throws FestError `FORECAST_IMPOSSIBLE` if the horizon isn't 1 to 24 hours, or the series is
 * longer than 168 hours or too short to leave {@link MIN_RETURNS} returns before the first judged forecast
 */
export function forecast(series: RateSeries, horizonHours: number): Forecast {
  const trainedOn = Math.floor((series.length * 2) / 3);
  checkSize(series.length, trainedOn, horizonHours);
  const last = priceIn(lastRate(series));
  const options = { horizonHours, windowHours: series.length, from: trainedOn };
  const returns = logReturns(series);
  return {
    asOf: lastRate(series).hourStart,
    last,
    quantiles: quantilesAround(last, modelWidth(returns, horizonHours)),
    randomWalkQuantiles: quantilesAround(last, randomWalkWidth(returns, horizonHours)),
    trainedOn,
    heldBack: evaluate(walkForward(series, { ...options, width: modelWidth })),
    randomWalk: evaluate(walkForward(series, { ...options, width: randomWalkWidth })),
  };
}

/** How {@link walkForward} goes through a series. */
export interface WalkForward {
  readonly width: HalfWidth;
  readonly horizonHours: number;
  /** How many rates a forecast may look at, at most. */
  readonly windowHours: number;
  /** Index of the first hour that is forecast; at least {@link MIN_RETURNS} and the horizon. */
  readonly from: number;
}

/** Forecasts every hour of a series from index `from` on, each from what was known `horizonHours` before. */
export function walkForward(
  series: RateSeries,
  { width, horizonHours, windowHours, from }: WalkForward,
): Outcome[] {
  const returns = logReturns(series);
  const price = prices(series);
  return price.slice(from).map((realised, index) => {
    const origin = from + index - horizonHours;
    const last = price[origin];
    const known = returns.slice(Math.max(0, origin - windowHours + 1), origin);
    if (last === undefined || known.length < MIN_RETURNS) {
      throw new FestError(
        "FORECAST_IMPOSSIBLE",
        `hour ${from + index} of the series has too little before it`,
      );
    }
    return { forecast: quantilesAround(last, width(known, horizonHours)), last, realised };
  });
}

function quantilesAround(last: MicroUsd, width: number): Quantiles {
  const times = (factor: number) => BigInt(Math.round(Number(last) * factor));
  return { q10: times(exp(-width)), q50: last, q90: times(exp(width)) };
}

function checkSize(hours: number, trainedOn: number, horizonHours: number): void {
  if (!Number.isInteger(horizonHours) || horizonHours < 1 || horizonHours > MAX_HORIZON_HOURS) {
    throw new FestError(
      "FORECAST_IMPOSSIBLE",
      `a horizon of ${horizonHours} hours is not 1 to ${MAX_HORIZON_HOURS}`,
    );
  }
  if (hours > MAX_HOURS || trainedOn - horizonHours < MIN_RETURNS) {
    throw new FestError(
      "FORECAST_IMPOSSIBLE",
      `${hours} hours of rates don't serve a forecast ${horizonHours} hours ahead`,
      { fix: `Give it at most ${MAX_HOURS}, and 3/2 of ${MIN_RETURNS} plus the horizon at least.` },
    );
  }
}
