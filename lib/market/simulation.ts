/** The strategy on a past series of rates, with the functions that trade live: decide, quote, judge, book. */
import type { Tinybar } from "../hedera/amount.ts";
import { addSeconds, type Timestamp } from "../hedera/timestamp.ts";
import type { ExecutedSwap } from "./booking.ts";
import { DrawdownMeter } from "./drawdown.ts";
import type { TradeLimits } from "./limits.ts";
import { type Noise, noiseTrade } from "./noise.ts";
import { type Pool, poolAfter } from "./pool.ts";
import { hbarValue, type MicroUsd } from "./price.ts";
import { type Profit, profitOf } from "./profit.ts";
import { decide, type Strategy } from "./reversion.ts";
import { afterSwap, assess, forecastSpread, type Holdings, type PriceForecast } from "./risk.ts";
import type { SwapAmounts } from "./swap.ts";
import { deskVenue } from "./venue.ts";

/** What is known in an hour, from that hour and those before it. */
export interface KnownHour {
  readonly at: Timestamp;
  /** The network's price of one HBAR. */
  readonly reference: MicroUsd;
  readonly volatilityPpm: bigint;
  readonly forecast: PriceForecast;
}

/** What is simulated. */
export interface SimulationOptions {
  readonly opening: Holdings;
  /** The desk's pool before the first hour. */
  readonly pool: Pool;
  /** The noise trader, who trades first in every hour; null: there is none. */
  readonly noise: Noise | null;
  readonly strategy: Strategy;
  readonly limits: TradeLimits;
  /** What the network charges for a trade, in tinybars. */
  readonly networkFee: Tinybar;
}

/** One hour of a simulation, after its trades; values in micro-USD. */
export interface SimulatedHour {
  readonly at: Timestamp;
  readonly reference: MicroUsd;
  /** The desk's price after the noise trader and before the fund. */
  readonly desk: MicroUsd;
  readonly fund: MicroUsd;
  /** What the opening balance would be worth untouched. */
  readonly untouched: MicroUsd;
}

/** What came of it. */
export interface Simulation {
  readonly hours: readonly SimulatedHour[];
  readonly profit: Profit;
  readonly swaps: readonly ExecutedSwap[];
  /** Trades that a risk limit denied, and by which limits. */
  readonly denied: number;
  readonly denials: ReadonlyMap<string, number>;
  /** Trades of the noise trader, and what they gained it at the end's price. */
  readonly noiseTrades: number;
  readonly noiseProfit: MicroUsd;
}

const SECONDS_PER_DAY = 86_400;

/**
 * Runs the strategy over hours, oldest first: in each the noise trader trades,
 * then the fund decides, is quoted, judged and settled.
 *
 * @throws FestError what the parts throw
 */
export function simulate(known: readonly KnownHour[], options: SimulationOptions): Simulation {
  const { opening, noise } = options;
  const first = known[0]?.reference ?? 0n;
  const swaps: ExecutedSwap[] = [];
  const meter = new DrawdownMeter({ ...opening, price: first });
  const hours: SimulatedHour[] = [];
  const denials = new Map<string, number>();
  let { pool } = options;
  let fund = opening;
  let [denied, noiseTrades] = [0, 0];
  let noiseFlow: Holdings = { hbar: 0n, tokens: 0n };
  for (const [number, hour] of known.entries()) {
    const { at, reference } = hour;
    const noisy = noise && noiseTrade(noise, number, { pool, reference, holdings: null });
    if (noisy !== null) {
      pool = poolAfter(pool, noisy);
      noiseFlow = afterSwap(noiseFlow, noisy);
      noiseTrades += 1;
    }
    const venue = deskVenue(pool);
    const desk = venue.midPrice();
    const drawdownBps = meter.at(reference).trading;
    const wanted = decide({ ...hour, fund, venue, others: noiseTrades, ...options });
    const failed =
      wanted.action === "hold" ? [] : judge(wanted, { fund, hour, swaps, drawdownBps, pool, options });
    for (const name of failed) denials.set(name, (denials.get(name) ?? 0) + 1);
    if (failed.length > 0) denied += 1;
    if (wanted.action === "trade" && failed.length === 0) {
      const swap = venue.quote(wanted.side, wanted.hbar);
      pool = poolAfter(pool, swap);
      fund = afterSwap(fund, swap);
      const executed = { ...amountsOf(swap), at, price: reference };
      swaps.push(executed);
      meter.swapped(executed);
    }
    hours.push({
      at,
      reference,
      desk,
      fund: valueAt(fund, reference),
      untouched: valueAt(opening, reference),
    });
  }
  const price = known.at(-1)?.reference ?? first;
  const networkFees = options.networkFee * BigInt(swaps.length);
  const { feeBps } = pool;
  const profit = profitOf({ opening: { ...opening, price: first }, swaps, networkFees, price, feeBps });
  const noiseProfit = valueAt(noiseFlow, price);
  return { hours, profit, swaps, denied, denials, noiseTrades, noiseProfit };
}

/** The names of the limits that a wanted trade breaks. */
function judge(
  wanted: Extract<ReturnType<typeof decide>, { action: "trade" }>,
  on: {
    readonly fund: Holdings;
    readonly hour: KnownHour;
    readonly swaps: readonly ExecutedSwap[];
    readonly drawdownBps: bigint;
    readonly pool: Pool;
    readonly options: SimulationOptions;
  },
): readonly string[] {
  const { hour, swaps, drawdownBps } = on;
  const { at: now, reference, forecast } = hour;
  const amounts = amountsOf(deskVenue(on.pool).quote(wanted.side, wanted.hbar));
  const { checks } = assess(on.options.limits, {
    now,
    fund: on.fund,
    quote: { ...amounts, expires: addSeconds(now, 60) },
    signal: { side: wanted.side, price: wanted.price, at: now },
    reference,
    rateSet: now,
    spreadBps: forecastSpread(forecast),
    dailyVolume: volumeSince(swaps, addSeconds(now, -SECONDS_PER_DAY)),
    drawdownBps,
    heard: now,
  });
  return checks.filter(({ passed }) => !passed).map(({ name }) => name);
}

/** What swaps after a time came to, in micro-USD. `swaps` are in order of time. */
export function volumeSince(swaps: readonly ExecutedSwap[], after: Timestamp): MicroUsd {
  let volume = 0n;
  for (let index = swaps.length - 1; index >= 0; index--) {
    const swap = swaps[index];
    if (swap === undefined || swap.at <= after) break;
    volume += swap.tokens;
  }
  return volume;
}

function amountsOf({ side, hbar, tokens }: SwapAmounts): SwapAmounts {
  return { side, hbar, tokens };
}

function valueAt({ hbar, tokens }: Holdings, price: MicroUsd): MicroUsd {
  return hbarValue(hbar, price) + tokens;
}
