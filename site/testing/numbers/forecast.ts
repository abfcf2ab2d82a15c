import type { Wire } from "./ledger.ts";
import type { Result, Story } from "./story.ts";

const HOUR = 3_600;

/** A forecast of the price, and the score that it got. */
export interface Forecast {
  readonly result: Result;
  readonly output: Wire;
  /** The hour that it is about, in nanoseconds. */
  readonly until: bigint;
  /** The payload of its `forecast_scored`; null while its hour has not come. */
  readonly score: Wire | null;
  /** The number of that entry. */
  readonly scored: number | null;
}

/** Every forecast; results that said the same of the same hour share one score. */
export function forecastsOf({ results, scores }: Story): readonly Forecast[] {
  const said = results.filter(({ said: { body } }) => body.payload.output?.q50_micro_usd !== undefined);
  return said.map((result) => {
    const { output } = result.said.body.payload;
    const twins = said.filter((one) => forecastKey(one.said.body.payload.output) === forecastKey(output));
    const score = scores.find(({ body }) => twins.some((twin) => twin.said.sequence === body.payload.result));
    const until = BigInt(output.as_of + output.horizon_hours * HOUR) * 1_000_000_000n;
    return { result, output, until, score: score?.body.payload ?? null, scored: score?.sequence ?? null };
  });
}

/** The price that a score was made by, in micro-USD. */
export function priceIn(score: Wire): bigint {
  return (BigInt(score.cent_equivalent) * 10_000n) / BigInt(score.hbar_equivalent);
}

/** Forecasts that say the same of the same hour are one. */
export function forecastKey(output: Readonly<Record<string, unknown>>): string {
  const { model, as_of, horizon_hours, q10_micro_usd, q50_micro_usd, q90_micro_usd } = output;
  return [model, as_of, horizon_hours, q10_micro_usd, q50_micro_usd, q90_micro_usd].join(" ");
}
