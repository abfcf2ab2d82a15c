/** Fields that the kinds' schemas share. Amounts are decimal strings in JSON and bigint in memory. */
import * as z from "zod/mini";
import { sha256Hex } from "../../festival/entry/field.ts";
import { FestError } from "../../hedera/error.ts";
import { type HourlyRate, type RateSeries, rateSeries, seriesHash } from "../rate-series.ts";

/** Who computed an output: engine, model and its version. */
export const provenance = { engine: z.string(), model: z.string(), version: z.string() };

/** A statistic, rounded to six significant digits before it gets here. */
export const statistic = z.number();

/** The engine that these kinds belong to; its version is that of the set of kinds. */
export const EMBEDDED = { name: "embedded", version: "2" } as const;

/** The provenance of an output of the embedded engine. */
export function provenanceOf(model: {
  model: string;
  version: string;
}): z.output<z.ZodMiniObject<typeof provenance>> {
  return { engine: EMBEDDED.name, ...model };
}

/** One hour's rate. */
const hourlyRate: z.ZodMiniType<HourlyRate> = z.object({
  hourStart: z.int(),
  centEquivalent: z.int(),
  hbarEquivalent: z.int(),
});

/** Rates of contiguous hours, oldest first, and the hash that an earlier task's result named, if they must be the same. */
export const ratesInput = { rates: z.array(hourlyRate), rates_sha256: z.optional(sha256Hex) };

/**
 * The checked series of an input with its hash.
 *
 * @throws FestError `RATE_SERIES_INVALID`, `RATES_DIFFER` if they aren't the rates that the input names
 */
export function seriesOf(input: { rates: readonly HourlyRate[]; rates_sha256?: string | undefined }): {
  series: RateSeries;
  hash: string;
} {
  const series = rateSeries(input.rates);
  const hash = seriesHash(series);
  if (input.rates_sha256 !== undefined && input.rates_sha256 !== hash) {
    throw new FestError("RATES_DIFFER", `the rates have the hash ${hash}, not ${input.rates_sha256}`, {
      fix: "Read the hours that the earlier task read.",
    });
  }
  return { series, hash };
}
