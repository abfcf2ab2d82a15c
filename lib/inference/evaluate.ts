/** How good forecasts were, from what they said and what happened. */
import { BPS, type MicroUsd } from "../market/price.ts";
import { mean } from "./exact-math.ts";

/** A forecast of one price as three quantiles, in micro-USD a HBAR, not crossed. */
export interface Quantiles {
  readonly q10: MicroUsd;
  readonly q50: MicroUsd;
  readonly q90: MicroUsd;
}

/** A forecast whose horizon has passed. */
export interface Outcome {
  readonly forecast: Quantiles;
  /** The price that it started from; losses are in basis points of it. */
  readonly last: MicroUsd;
  readonly realised: MicroUsd;
}

/** The error of a set of forecasts. */
export interface Evaluation {
  /** How many forecasts. */
  readonly count: number;
  /** Mean pinball loss over the three quantiles, in basis points of the starting price: less is better. */
  readonly pinball: number;
  /** Share of prices between the 10% and the 90% quantile, ends included; 0.8 is calibrated. */
  readonly coverage80: number;
  /** Mean absolute error of the median, in percent of the realised price. */
  readonly mape: number;
}

/**
 * Pinball (quantile) loss of one quantile, in micro-USD: the error, weighted
 * with `probability` when the price came out above and with the rest when below.
 * Its expectation is least at the true quantile.
 */
export function pinballLoss(probability: number, quantile: MicroUsd, realised: MicroUsd): number {
  const error = Number(realised - quantile);
  return error >= 0 ? probability * error : (probability - 1) * error;
}

/** Mean pinball loss of one forecast over its three quantiles, in basis points of the price that it started from. */
export function forecastLoss({ forecast, last, realised }: Outcome): number {
  const loss =
    pinballLoss(0.1, forecast.q10, realised) +
    pinballLoss(0.5, forecast.q50, realised) +
    pinballLoss(0.9, forecast.q90, realised);
  return (loss / 3 / Number(last)) * Number(BPS);
}

/** Whether the price came out within the 80% interval, ends included. */
export function isCovered({ forecast, realised }: Outcome): boolean {
  return forecast.q10 <= realised && realised <= forecast.q90;
}

/** Evaluates forecasts. @throws FestError `NUMBER_INVALID` if there are none */
export function evaluate(outcomes: readonly Outcome[]): Evaluation {
  return {
    count: outcomes.length,
    pinball: mean(outcomes.map(forecastLoss)),
    coverage80: mean(outcomes.map((outcome) => (isCovered(outcome) ? 1 : 0))),
    mape: mean(outcomes.map(medianError)) * 100,
  };
}

/**
 * Skill against a baseline: 0 is no better, 1 is perfect, negative is worse.
 * Where the baseline made no error either (a price that never moved) there is
 * none to show: 0.
 */
export function skill(loss: number, baseline: number): number {
  return baseline === 0 ? 0 : 1 - loss / baseline;
}

function medianError({ forecast, realised }: Outcome): number {
  const error = Number(realised - forecast.q50);
  return Math.abs(error) / Number(realised);
}
