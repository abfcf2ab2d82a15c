/**
 * `gather`: what a stretch of the network's exchange-rate history looks like.
 * Its hash ties the tasks that use it to the same rates.
 */
import * as z from "zod/mini";
import { amount, count, sha256Hex } from "../../festival/entry/field.ts";
import { larger, smaller } from "../../market/rounding.ts";
import { lastRate, priceIn, prices } from "../rate-series.ts";
import { provenance, provenanceOf, ratesInput, seriesOf } from "./field.ts";
import { kindOf } from "./kind.ts";

/** Input of `gather`: `rates`, oldest first. */
const gatherInput = z.object(ratesInput);

/** Output of `gather`: the first and the last hour (unix seconds), how many, and prices in micro-USD a HBAR. */
export const gatherOutput = z.object({
  ...provenance,
  from: count,
  to: count,
  hours: count,
  first_micro_usd: amount,
  last_micro_usd: amount,
  min_micro_usd: amount,
  max_micro_usd: amount,
  rates_sha256: sha256Hex,
});

/** The kind `gather`. Metrics: `hours`. */
export const gather = kindOf<z.output<typeof gatherInput>, z.output<typeof gatherOutput>>({
  name: "gather",
  input: gatherInput,
  output: gatherOutput,
  work(input) {
    const { series, hash } = seriesOf(input);
    const price = prices(series);
    return {
      ...provenanceOf({ model: "summary", version: "1" }),
      from: series[0].hourStart,
      to: lastRate(series).hourStart,
      hours: series.length,
      first_micro_usd: priceIn(series[0]),
      last_micro_usd: priceIn(lastRate(series)),
      min_micro_usd: price.reduce(smaller),
      max_micro_usd: price.reduce(larger),
      rates_sha256: hash,
    };
  },
  metrics: (output) => ({ hours: output.hours }),
});
