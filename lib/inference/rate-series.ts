import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { FestError } from "../hedera/error.ts";
import { type MicroUsd, priceOfRate } from "../market/price.ts";
import { differences, ln } from "./exact-math.ts";

/** The network's exchange rate in force during one hour: `centEquivalent` US cents for `hbarEquivalent` HBAR. */
export interface HourlyRate {
  /** Unix seconds, a whole hour. */
  readonly hourStart: number;
  readonly centEquivalent: number;
  readonly hbarEquivalent: number;
}

declare const checked: unique symbol;

/** Rates of contiguous hours, oldest first, as {@link rateSeries} has checked them. */
export type RateSeries = readonly [HourlyRate, HourlyRate, ...HourlyRate[]] & { readonly [checked]?: true };

/** Seconds in an hour. */
export const SECONDS_PER_HOUR = 3_600;
/** The most hours of history that a model may look at: the mirror is asked once for each. */
export const MAX_HOURS = 168;

/**
 * Checks that rates are at least two, positive whole numbers, on whole hours and
 * one hour apart, oldest first.
 *
 * @throws FestError `RATE_SERIES_INVALID`, naming the first rate that is wrong
 */
export function rateSeries(rates: readonly HourlyRate[]): RateSeries {
  for (const [index, rate] of rates.entries()) {
    const fault = faultOf(rate, rates[index - 1]);
    if (fault !== null) throw new FestError("RATE_SERIES_INVALID", `rate ${index} of the series ${fault}`);
  }
  if (!hasTwo(rates)) {
    throw new FestError("RATE_SERIES_INVALID", `a series of ${rates.length} rates is too short`, {
      fix: "Give it the rates of at least two hours.",
    });
  }
  return rates;
}

/**
 * The SHA-256 of a series in hex, over one line of ASCII an hour, oldest first:
 * `hourStart,centEquivalent,hbarEquivalent` and a line feed, in decimal digits.
 */
export function seriesHash(series: RateSeries): string {
  const lines = series.map((rate) => `${rate.hourStart},${rate.centEquivalent},${rate.hbarEquivalent}\n`);
  return bytesToHex(sha256(utf8ToBytes(lines.join(""))));
}

/** The rate of the last hour. */
export function lastRate(series: RateSeries): HourlyRate {
  return series.reduce((_, rate) => rate);
}

/** The price of one HBAR in an hour, in micro-USD, halves to even. @throws FestError `RATE_INVALID` */
export function priceIn(rate: HourlyRate): MicroUsd {
  return priceOfRate(rate.centEquivalent, rate.hbarEquivalent);
}

/** The price of one HBAR in each hour, in micro-USD, halves to even. */
export function prices(series: RateSeries): MicroUsd[] {
  return series.map(priceIn);
}

/** The logarithmic return of each hour over the one before, one fewer than there are rates: statistics, not money. */
export function logReturns(series: RateSeries): number[] {
  return differences(series.map((rate) => ln(rate.centEquivalent / rate.hbarEquivalent)));
}

function faultOf(rate: HourlyRate, before: HourlyRate | undefined): string | null {
  if (
    !Number.isSafeInteger(rate.hourStart) ||
    rate.hourStart < 0 ||
    rate.hourStart % SECONDS_PER_HOUR !== 0
  ) {
    return `starts at ${rate.hourStart}, which is not a whole hour`;
  }
  if (before !== undefined && rate.hourStart !== before.hourStart + SECONDS_PER_HOUR) {
    return `starts at ${rate.hourStart}, not one hour after ${before.hourStart}`;
  }
  for (const amount of [rate.centEquivalent, rate.hbarEquivalent]) {
    if (!Number.isSafeInteger(amount) || amount <= 0)
      return `holds ${amount}, which is not a positive whole number`;
  }
  return null;
}

function hasTwo(rates: readonly HourlyRate[]): rates is RateSeries {
  return rates.length >= 2;
}
