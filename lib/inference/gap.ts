/**
 * The gap between the desk's price and the network's rate, and where it will be
 * at the next trade: model `gap-ar1` version 1.
 *
 * A gap is ln(desk / reference). It goes back towards zero by a fixed part from
 * one trade to the next, `gap(i+1) = phi x gap(i)`, with phi the least-squares
 * estimate through the origin, kept within 0 and 1. The quantiles are those of a
 * normal distribution about that, as wide as the residuals were. The baseline is
 * that nothing is known: the gap stays, with quantiles as wide as its steps were.
 */
import { FestError } from "../hedera/error.ts";
import type { MicroUsd } from "../market/price.ts";
import { ln, mean } from "./exact-math.ts";

/** Name and version of the model; a change of any constant is a new version. */
export const GAP_MODEL = { model: "gap-ar1", version: "1" } as const;
/** The fewest observations that a prediction is made from. */
const MIN_GAPS = 12;

const NORMAL_Q90 = 1.2815516;

/** A price of the desk's, and the network's at the same time, in micro-USD a HBAR; both positive. */
export interface Observation {
  readonly desk: MicroUsd;
  readonly reference: MicroUsd;
}

/** Where the next gap lies with 10, 50 and 90% probability, in logarithms. */
export interface GapQuantiles {
  readonly q10: number;
  readonly q50: number;
  readonly q90: number;
}

/** A prediction, with its error on the last third of what it was made from. */
export interface GapForecast extends GapQuantiles {
  readonly last: number;
  readonly phi: number;
  /** Mean pinball losses of the last third, each from what was known before it, in logarithms: less is better. */
  readonly pinball: number;
  readonly unchanged: number;
  /** How many were held back. */
  readonly heldBack: number;
}

/**
 * Predicts the gap at the next trade.
 *
 * @param observations oldest first
 * @throws FestError `GAP_UNPREDICTABLE` if there are fewer than {@link MIN_GAPS}
 */
export function predictGap(observations: readonly Observation[]): GapForecast {
  const gaps = observations.map(({ desk, reference }) => ln(Number(desk) / Number(reference)));
  const [last] = gaps.slice(-1);
  if (last === undefined || gaps.length < MIN_GAPS) {
    throw new FestError("GAP_UNPREDICTABLE", `${gaps.length} prices of the desk are fewer than ${MIN_GAPS}`);
  }
  const from = Math.floor((gaps.length * 2) / 3);
  const judged = gaps.slice(from).map((realised, index) => {
    const known = gaps.slice(0, from + index);
    return { model: loss(reverting(known), realised), unchanged: loss(staying(known), realised) };
  });
  return {
    last,
    phi: phiOf(gaps),
    ...reverting(gaps),
    pinball: mean(judged.map(({ model }) => model)),
    unchanged: mean(judged.map(({ unchanged }) => unchanged)),
    heldBack: judged.length,
  };
}

/** The least-squares coefficient of each gap on the one before, within 0 and 1; 0 where there never was a gap. */
function phiOf(gaps: readonly number[]): number {
  let products = 0;
  let squares = 0;
  for (const [index, gap] of gaps.entries()) {
    const before = gaps[index - 1];
    if (before === undefined) continue;
    products += gap * before;
    squares += before * before;
  }
  return squares === 0 ? 0 : Math.min(1, Math.max(0, products / squares));
}

function reverting(gaps: readonly number[]): GapQuantiles {
  return quantiles(gaps, phiOf(gaps));
}

function staying(gaps: readonly number[]): GapQuantiles {
  return quantiles(gaps, 1);
}

/** About phi times the last gap, as wide as what such predictions missed by before. */
function quantiles(gaps: readonly number[], phi: number): GapQuantiles {
  const misses = gaps.flatMap((gap, index) => {
    const before = gaps[index - 1];
    return before === undefined ? [] : [(gap - phi * before) * (gap - phi * before)];
  });
  const width = NORMAL_Q90 * Math.sqrt(mean(misses));
  const middle = phi * (gaps[gaps.length - 1] ?? 0);
  return { q10: middle - width, q50: middle, q90: middle + width };
}

function loss({ q10, q50, q90 }: GapQuantiles, realised: number): number {
  return (pinball(0.1, q10, realised) + pinball(0.5, q50, realised) + pinball(0.9, q90, realised)) / 3;
}

function pinball(probability: number, quantile: number, realised: number): number {
  const error = realised - quantile;
  return error >= 0 ? probability * error : (probability - 1) * error;
}
