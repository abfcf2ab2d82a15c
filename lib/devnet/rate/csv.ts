import { FestError } from "../../hedera/error.ts";
import { hourOf, type RateSource, SECONDS_PER_HOUR } from "./fixed.ts";

interface HourlyRate {
  readonly hour: bigint;
  readonly centEquivalent: number;
  readonly hbarEquivalent: number;
}

const HEADER = "hour_start_timestamp,cent_equivalent,hbar_equivalent";
const LINE = /^(\d{1,10}),([1-9]\d{0,8}),([1-9]\d{0,8})$/;

/**
 * Rates from a CSV text: the header
 * `hour_start_timestamp,cent_equivalent,hbar_equivalent`, then one line an
 * hour with its first second since 1970 and two whole numbers, hours
 * increasing. Before its first hour the first rate holds, in a gap and after
 * its last hour the one before.
 *
 * @throws FestError `RATE_FILE_INVALID`
 */
export function csvRate(text: string): RateSource {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== HEADER) throw invalid(1, `the header must be ${HEADER}`);
  const rates = lines.map((line, index) => readLine(line, index + 2));
  rates.forEach(({ hour }, index) => {
    const before = rates[index - 1];
    if (before !== undefined && before.hour >= hour) throw invalid(index + 2, "hours must increase");
  });
  const [first] = rates;
  if (first === undefined) throw invalid(2, "there is no rate");
  return (at) => {
    const hour = hourOf(at);
    const { centEquivalent, hbarEquivalent } = lastUpTo(rates, hour) ?? first;
    return { centEquivalent, hbarEquivalent, expirationSeconds: Number((hour + 1n) * SECONDS_PER_HOUR) };
  };
}

function readLine(line: string, number: number): HourlyRate {
  const [, start, cents, hbars] = LINE.exec(line) ?? [];
  if (start === undefined || BigInt(start) % SECONDS_PER_HOUR !== 0n) {
    throw invalid(number, "it wants the first second of an hour and two whole numbers above 0");
  }
  return {
    hour: BigInt(start) / SECONDS_PER_HOUR,
    centEquivalent: Number(cents),
    hbarEquivalent: Number(hbars),
  };
}

function lastUpTo(rates: readonly HourlyRate[], hour: bigint): HourlyRate | undefined {
  let low = 0;
  let high = rates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const rate = rates[middle];
    if (rate !== undefined && rate.hour <= hour) low = middle + 1;
    else high = middle;
  }
  return rates[low - 1];
}

function invalid(line: number, why: string): FestError {
  return new FestError("RATE_FILE_INVALID", `line ${line} of the rates cannot be used: ${why}`);
}
