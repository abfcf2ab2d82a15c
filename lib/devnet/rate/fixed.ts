import { secondsOf, type Timestamp } from "../../hedera/timestamp.ts";
import type { ExchangeRate } from "../ledger/exchange-rate.ts";

/** An exchange rate as a function of time. */
export type RateSource = (at: Timestamp) => ExchangeRate;

/** Rates hold for an hour, on the hour. */
export const SECONDS_PER_HOUR = 3600n;

/** The number of the hour since 1970 in which a time lies. */
export function hourOf(at: Timestamp): bigint {
  return secondsOf(at) / SECONDS_PER_HOUR;
}

/** A rate that never changes: `hbarEquivalent` HBAR are worth `centEquivalent` cents, both whole numbers. */
export function fixedRate(hbarEquivalent: number, centEquivalent: number): RateSource {
  return (at) => ({
    hbarEquivalent,
    centEquivalent,
    expirationSeconds: Number((hourOf(at) + 1n) * SECONDS_PER_HOUR),
  });
}
