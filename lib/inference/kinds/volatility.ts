/** `volatility`: how much HBAR moves, measured on a stretch of the network's exchange-rate history. */
import * as z from "zod/mini";
import { amount, count, sha256Hex } from "../../festival/entry/field.ts";
import { FestError } from "../../hedera/error.ts";
import { rounded } from "../exact-math.ts";
import { fitGarch } from "../garch.ts";
import { lastRate, logReturns, priceIn } from "../rate-series.ts";
import { EWMA_LAMBDA, HOURS_PER_YEAR, volatilityOf } from "../volatility.ts";
import { provenance, provenanceOf, ratesInput, seriesOf, statistic } from "./field.ts";
import { kindOf } from "./kind.ts";

/** The fewest hours that a volatility is measured on. */
const MIN_HOURS = 25;

/** Input of `volatility`: `rates`, oldest first, at least 25. */
const volatilityInput = z.object(ratesInput);

/**
 * Output of `volatility`: standard deviations of logarithmic returns as fractions, by moving average
 * and plain, and the next hour's by GARCH(1,1) with its alpha and beta.
 */
export const volatilityOutput = z.object({
  ...provenance,
  lambda: statistic,
  hourly_ewma: statistic,
  annual_ewma: statistic,
  hourly_plain: statistic,
  annual_plain: statistic,
  hourly_garch: statistic,
  annual_garch: statistic,
  garch_alpha: statistic,
  garch_beta: statistic,
  last_micro_usd: amount,
  hours: count,
  rates_sha256: sha256Hex,
});

/** The kind `volatility`. Metrics: `annual_ewma`, `annual_garch`, `annual_plain`, `hours`. */
export const volatility = kindOf<z.output<typeof volatilityInput>, z.output<typeof volatilityOutput>>({
  name: "volatility",
  input: volatilityInput,
  output: volatilityOutput,
  work(input) {
    const { series, hash } = seriesOf(input);
    if (series.length < MIN_HOURS) {
      throw new FestError(
        "VOLATILITY_IMPOSSIBLE",
        `${series.length} hours of rates are fewer than ${MIN_HOURS}`,
      );
    }
    const measured = volatilityOf(series);
    const garch = fitGarch(logReturns(series));
    return {
      ...provenanceOf({ model: "ewma-garch", version: "1" }),
      lambda: EWMA_LAMBDA,
      hourly_ewma: rounded(measured.hourlyEwma),
      annual_ewma: rounded(measured.annualEwma),
      hourly_plain: rounded(measured.hourlyPlain),
      annual_plain: rounded(measured.annualPlain),
      hourly_garch: rounded(Math.sqrt(garch.next)),
      annual_garch: rounded(Math.sqrt(garch.next * HOURS_PER_YEAR)),
      garch_alpha: rounded(garch.alpha),
      garch_beta: rounded(garch.beta),
      last_micro_usd: priceIn(lastRate(series)),
      hours: series.length,
      rates_sha256: hash,
    };
  },
  metrics: ({ annual_ewma, annual_garch, annual_plain, hours }) => ({
    annual_ewma,
    annual_garch,
    annual_plain,
    hours,
  }),
});
