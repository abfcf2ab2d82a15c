/** `forecast`: quantiles of the HBAR/USD rate some hours ahead, with the model's error on held-back history. */
import * as z from "zod/mini";
import { amount, count, sha256Hex } from "../../festival/entry/field.ts";
import { skill } from "../evaluate.ts";
import { rounded } from "../exact-math.ts";
import { FORECAST_MODEL, forecast as forecastSeries } from "../forecast.ts";
import { provenance, provenanceOf, ratesInput, seriesOf, statistic } from "./field.ts";
import { kindOf } from "./kind.ts";

/** Input of `forecast`: `rates`, oldest first, at most 168, and the horizon, 1 to 24 hours. */
const forecastInput = z.object({ ...ratesInput, horizon_hours: z.int() });

/**
 * Output of `forecast`: the hour that it is about is `as_of`, the last one that it
 * knew, plus the horizon; prices in micro-USD a HBAR, the random walk's for the
 * same hour beside the model's (its median is the last price); `pinball` and
 * `pinball_random_walk` in basis points of the price, `coverage_80` a fraction,
 * `mape` in percent, all four on the `held_back` last hours.
 */
export const forecastOutput = z.object({
  ...provenance,
  horizon_hours: count,
  as_of: count,
  last_micro_usd: amount,
  q10_micro_usd: amount,
  q50_micro_usd: amount,
  q90_micro_usd: amount,
  walk_q10_micro_usd: amount,
  walk_q90_micro_usd: amount,
  pinball: statistic,
  pinball_random_walk: statistic,
  coverage_80: statistic,
  mape: statistic,
  trained_on: count,
  held_back: count,
  rates_sha256: sha256Hex,
});

/** The kind `forecast`. Metrics: `skill` against the random walk, `coverage_80`, `mape`, `held_back`, `ordered` quantiles. */
export const forecast = kindOf<z.output<typeof forecastInput>, z.output<typeof forecastOutput>>({
  name: "forecast",
  input: forecastInput,
  output: forecastOutput,
  work(input) {
    const { series, hash } = seriesOf(input);
    const { asOf, last, quantiles, trainedOn, heldBack, randomWalk, randomWalkQuantiles } = forecastSeries(
      series,
      input.horizon_hours,
    );
    return {
      ...provenanceOf(FORECAST_MODEL),
      horizon_hours: input.horizon_hours,
      as_of: asOf,
      last_micro_usd: last,
      q10_micro_usd: quantiles.q10,
      q50_micro_usd: quantiles.q50,
      q90_micro_usd: quantiles.q90,
      walk_q10_micro_usd: randomWalkQuantiles.q10,
      walk_q90_micro_usd: randomWalkQuantiles.q90,
      pinball: rounded(heldBack.pinball),
      pinball_random_walk: rounded(randomWalk.pinball),
      coverage_80: rounded(heldBack.coverage80),
      mape: rounded(heldBack.mape),
      trained_on: trainedOn,
      held_back: heldBack.count,
      rates_sha256: hash,
    };
  },
  metrics: (output) => ({
    skill: rounded(skill(output.pinball, output.pinball_random_walk)),
    coverage_80: output.coverage_80,
    mape: output.mape,
    held_back: output.held_back,
    ordered: output.q10_micro_usd <= output.q50_micro_usd && output.q50_micro_usd <= output.q90_micro_usd,
  }),
});
