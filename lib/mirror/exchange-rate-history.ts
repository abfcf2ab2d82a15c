import { FestError } from "../hedera/error.ts";
import { addSeconds, secondsOf, type Timestamp, timestampOf } from "../hedera/timestamp.ts";
import type { ReadOptions } from "./http.ts";
import { type NetworkReads, rateAt } from "./network.ts";

/** The network's price of HBAR at the full hour `hour`. */
export interface HourlyRate {
  readonly hour: Timestamp;
  readonly centEquivalent: bigint;
  readonly hbarEquivalent: bigint;
}

/** Which hours of history. */
export interface HistoryQuery extends ReadOptions {
  /** The history ends with the last full hour at or before this consensus time. */
  readonly until: Timestamp;
  /** How many hours; 1 to 168. */
  readonly hours: number;
  /** Requests at once; 4 by default. */
  readonly concurrency?: number;
}

/** A week: the most that one history has. */
export const MAX_HISTORY_HOURS = 168;

/** The network changes its rate once an hour. */
const HOUR_SECONDS = 3_600n;

/**
 * The rate in force at each of the last `hours` full hours, oldest first, one
 * request an hour of history. Hours before the network had a rate are left out.
 *
 * @throws MirrorError if any hour could not be read
 * @throws FestError `HISTORY_INVALID` if `hours` is not 1 to 168
 */
export async function exchangeRateHistory(mirror: NetworkReads, query: HistoryQuery): Promise<HourlyRate[]> {
  const { until, hours, concurrency = 4, ...options } = query;
  if (!Number.isInteger(hours) || hours < 1 || hours > MAX_HISTORY_HOURS) {
    throw new FestError("HISTORY_INVALID", `a history has 1 to ${MAX_HISTORY_HOURS} hours, not ${hours}`);
  }
  const lastHour = timestampOf(secondsOf(until) - (secondsOf(until) % HOUR_SECONDS));
  const wanted = Array.from({ length: hours }, (_, index) =>
    addSeconds(lastHour, HOUR_SECONDS * BigInt(index - hours + 1)),
  );
  const rates = new Map<Timestamp, HourlyRate>();
  const queue = [...wanted];

  async function work(): Promise<void> {
    for (let hour = queue.pop(); hour !== undefined; hour = queue.pop()) {
      try {
        const rate = await rateAtHour(mirror, hour, options);
        if (rate !== null) rates.set(hour, rate);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, hours) }, work));
  return wanted.flatMap((hour) => rates.get(hour) ?? []);
}

async function rateAtHour(
  mirror: NetworkReads,
  hour: Timestamp,
  options: ReadOptions,
): Promise<HourlyRate | null> {
  const rates = await mirror.exchangeRates(hour, options);
  if (rates === null) return null;
  const { centEquivalent, hbarEquivalent } = rateAt(rates, hour);
  return { hour, centEquivalent, hbarEquivalent };
}
