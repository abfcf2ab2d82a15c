import type { Timestamp } from "../../hedera/timestamp.ts";
import type { ExchangeRate } from "../ledger/exchange-rate.ts";
import { hourOf, type RateSource, SECONDS_PER_HOUR } from "./fixed.ts";

/** The seed of devnet's rates unless another is given; the same everywhere, so that anyone can recompute them. */
const DEFAULT_RATE_SEED = "fest-agents devnet";

const HBAR_EQUIVALENT = 30_000n;
/** USD 0.20 an HBAR: 20 cents times 30,000. */
const MEAN_CENT_EQUIVALENT = 20n * HBAR_EQUIVALENT;

/** Logarithms are whole numbers of 10^-12. */
const ONE = 1_000_000_000_000n;
/** Each hour keeps 99% of the deviation from the mean: half of it is gone after about 69 hours. */
const KEEP_PER_MILLE = 990n;
/** One standard deviation of an hour's own change: 1%. */
const HOURLY_DEVIATION = ONE / 100n;
/** After so many hours a shock has faded to 10^-4 of itself, so that no older one is looked at. */
const MEMORY_HOURS = 1024n;
/** Hours are computed in spans, each from its own fixed past. */
const SPAN_HOURS = 512n;
/** More than a hundred years. */
const MAX_CACHED_SPANS = 2_000;
const MAX_RECENT_RATES = 100;

// The sum of 16 uniform 16-bit numbers: 16 * 65535 / 2 in the mean, sqrt(16 / 12 * (65536^2 - 1)) its deviation.
const SUM_MEAN = 524_280;
const SUM_DEVIATION = 75_674n;

/**
 * Devnet's exchange rate: **generated, not measured on any market**. Every hour
 * since 1970 has one, and it is a function of seed and hour alone, so that a
 * fresh devnet has a history and two devnets agree about it.
 *
 * The logarithm of the price is a first-order autoregression around USD 0.20:
 * an hour keeps 99% of the hour before's deviation and adds a nearly normal
 * shock of 1% (a sum of 16 numbers of SHA-256 over seed and hour). Whole-number
 * arithmetic throughout, so that every machine computes the same.
 */
export function generatedRate(seed: string = DEFAULT_RATE_SEED): RateSource {
  const spans = new Map<bigint, readonly bigint[]>();
  const deviation = (hour: bigint): bigint => {
    const number = hour / SPAN_HOURS;
    let span = spans.get(number);
    if (span === undefined) {
      if (spans.size >= MAX_CACHED_SPANS) spans.clear();
      span = deviations(seed, number * SPAN_HOURS);
      spans.set(number, span);
    }
    return span[Number(hour % SPAN_HOURS)] ?? 0n;
  };
  const rateOf = (hour: bigint): ExchangeRate => ({
    hbarEquivalent: Number(HBAR_EQUIVALENT),
    centEquivalent: Number((MEAN_CENT_EQUIVALENT * exponential(deviation(hour))) / ONE),
    expirationSeconds: Number((hour + 1n) * SECONDS_PER_HOUR),
  });
  // Every transaction asks for the rate of its hour and of the next.
  const recent = new Map<bigint, ExchangeRate>();
  return (at: Timestamp) => {
    const hour = hourOf(at);
    const known = recent.get(hour);
    if (known) return known;
    if (recent.size >= MAX_RECENT_RATES) recent.clear();
    const rate = rateOf(hour);
    recent.set(hour, rate);
    return rate;
  };
}

/** The deviations of a span of hours; they depend on nothing but seed and hour, whatever was asked for before. */
function deviations(seed: string, first: bigint): bigint[] {
  const span: bigint[] = [];
  let value = 0n;
  for (let hour = first - MEMORY_HOURS; hour < first + SPAN_HOURS; hour++) {
    value = (value * KEEP_PER_MILLE) / 1000n + shock(seed, hour);
    if (hour >= first) span.push(value);
  }
  return span;
}

function shock(seed: string, hour: bigint): bigint {
  const digest = new Bun.CryptoHasher("sha256").update(`${seed}:${hour}`).digest();
  let sum = 0;
  for (let i = 0; i < 32; i += 2) sum += digest.readUInt16BE(i);
  return (BigInt(sum - SUM_MEAN) * HOURLY_DEVIATION) / SUM_DEVIATION;
}

/** `e^x` of whole numbers of 10^-12, by its series; exact enough for |x| below 2. */
function exponential(x: bigint): bigint {
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; n <= 16n; n++) {
    term = (term * x) / (ONE * n);
    sum += term;
  }
  return sum;
}
