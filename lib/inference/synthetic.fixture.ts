/** Rates for tests: made from a seed, the same everywhere. */
import type { HourlyRate } from "./rate-series.ts";

/**
 * A made-up series of `hours` rates: a random walk of at most one percent an hour
 * around 0.25 USD. Its hours begin in November 2023.
 */
export function syntheticRates(hours: number, seed = 1): HourlyRate[] {
  let random = seed;
  let cents = 750_000;
  return Array.from({ length: hours }, (_, hour) => {
    random = (random * 48_271) % 2_147_483_647;
    cents += Math.round((cents * ((random % 2_001) - 1_000)) / 100_000);
    return {
      hourStart: 1_700_000_000 - (1_700_000_000 % 3_600) + hour * 3_600,
      centEquivalent: cents,
      hbarEquivalent: 30_000,
    };
  });
}

/** A series of `hours` rates that never moves. */
export function flatRates(hours: number): HourlyRate[] {
  return syntheticRates(hours).map((rate) => ({ ...rate, centEquivalent: 750_000 }));
}

/**
 * The real hourly rates of July to November 2025, which lie beside the repository
 * on the machines that develop it; `null` elsewhere.
 */
export async function realRatesCsv(): Promise<string | null> {
  const file = Bun.file(new URL("../../../shared/data/hbar-rate.csv", import.meta.url));
  return (await file.exists()) ? file.text() : null;
}
