import type { Timestamp } from "../../hedera/timestamp.ts";
import { secondsOf, timestampOf } from "../../hedera/timestamp.ts";
import type { HourlyRate } from "../../inference/rate-series.ts";
import type { MicroUsd } from "../../market/price.ts";
import { priceOfRate } from "../../market/price.ts";
import type { Mirror } from "../../mirror/client.ts";
import { exchangeRateHistory } from "../../mirror/exchange-rate-history.ts";
import { rateAt } from "../../mirror/network.ts";
import { WorkError } from "./context.ts";

/** Histories kept: what one task read, the next ones use without asking the mirror again. */
const KEPT = 4;
/** By what reads them: a mirror node that is looked at as of another time has the same rates. */
const histories = new WeakMap<Mirror["exchangeRates"], Map<string, Promise<readonly HourlyRate[]>>>();

/** The network's price of one HBAR, and when the network set it. */
export interface ReadPrice {
  readonly price: MicroUsd;
  readonly set: Timestamp;
}

/** The network's hourly rates up to a time, oldest first; the past does not change, so it is read once. */
export function readRates(mirror: Mirror, until: Timestamp, hours: number): Promise<readonly HourlyRate[]> {
  const cache = histories.get(mirror.exchangeRates) ?? new Map<string, Promise<readonly HourlyRate[]>>();
  histories.set(mirror.exchangeRates, cache);
  const key = `${secondsOf(until) / 3_600n} ${hours}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const reading = exchangeRateHistory(mirror, { until, hours }).then((rates) =>
    rates.map((rate) => ({
      hourStart: Number(secondsOf(rate.hour)),
      centEquivalent: Number(rate.centEquivalent),
      hbarEquivalent: Number(rate.hbarEquivalent),
    })),
  );
  cache.set(key, reading);
  reading.catch(() => cache.delete(key));
  for (const old of [...cache.keys()].slice(0, -KEPT)) cache.delete(old);
  return reading;
}

/** The network's price of one HBAR at a time, in micro-USD. @throws WorkError `RATE_UNKNOWN` */
export async function priceAt(mirror: Mirror, at: Timestamp): Promise<MicroUsd> {
  return (await readPrice(mirror, at)).price;
}

/** The network's price of one HBAR at a time, and how old it is. @throws WorkError `RATE_UNKNOWN` */
export async function readPrice(mirror: Mirror, at: Timestamp): Promise<ReadPrice> {
  const rates = await mirror.exchangeRates(at);
  if (rates === null) throw unknownRate();
  const { centEquivalent, hbarEquivalent } = rateAt(rates, at);
  return { price: priceOfRate(Number(centEquivalent), Number(hbarEquivalent)), set: rates.timestamp };
}

/**
 * The network's price at each full hour of a period's last `hours`, as a function
 * of time: the price of a moment is that of the full hour before it.
 *
 * @throws WorkError `RATE_UNKNOWN`
 */
export async function hourlyPrices(
  mirror: Mirror,
  until: Timestamp,
  hours: number,
): Promise<(at: Timestamp) => MicroUsd> {
  const rates = await readRates(mirror, until, hours);
  const [first] = rates;
  if (first === undefined) throw unknownRate();
  return (at) => {
    const rate = rates.findLast(({ hourStart }) => timestampOf(hourStart) <= at) ?? first;
    return priceOfRate(rate.centEquivalent, rate.hbarEquivalent);
  };
}

function unknownRate(): WorkError {
  return new WorkError("RATE_UNKNOWN", "the mirror node has no exchange rate from then");
}
