/**
 * The strategy on a past series, with the functions that trade live: measure,
 * decide, quote, judge, book.
 */
import type { Tinybar } from "../hedera/amount.ts";
import { addSeconds, timestampOf } from "../hedera/timestamp.ts";
import { decide, type Strategy } from "../market/allocation.ts";
import type { TradeLimits } from "../market/limits.ts";
import { poolAt, quoteHbar } from "../market/pool.ts";
import { hbarValue, type MicroUsd, ppmOf } from "../market/price.ts";
import { type ExecutedSwap, type Profit, profitOf } from "../market/profit.ts";
import { afterSwap, assess, type Holdings } from "../market/risk.ts";
import { differences, ln, rounded } from "./exact-math.ts";
import { forecast } from "./forecast.ts";
import { lastRate, MAX_HOURS, priceIn, type RateSeries, rateSeries } from "./rate-series.ts";
import { volatilityOf, volatilityOfReturns } from "./volatility.ts";

/** What is simulated. */
export interface BacktestOptions {
  readonly opening: Holdings;
  /** Hours from one decision to the next. */
  readonly everyHours: number;
  readonly strategy: Strategy;
  readonly limits: TradeLimits;
  /** The desk's pool, set to the network's price before each quote, of this many tinybars and this fee. */
  readonly desk: { readonly hbar: Tinybar; readonly feeBps: bigint };
  /** What the network charges for a trade, in tinybars. */
  readonly networkFee: Tinybar;
}

/** What came of it. */
export interface Backtest {
  readonly hours: number;
  readonly decisions: number;
  /** Trades that a risk limit denied. */
  readonly denied: number;
  readonly profit: Profit;
  /** The fund's value in micro-USD at the end. */
  readonly value: MicroUsd;
  /** The fund's annual volatility over the run, beside the untouched opening balance's, as fractions. */
  readonly fundVolatility: number;
  readonly untouchedVolatility: number;
}

/**
 * Runs the strategy from hour 168 of `series` to its end.
 *
 * @throws FestError `RATE_SERIES_INVALID` if the series is too short, and what the parts throw
 */
export function backtest(series: RateSeries, options: BacktestOptions): Backtest {
  const run = rateSeries(series.slice(MAX_HOURS - 1));
  const swaps: ExecutedSwap[] = [];
  const values: MicroUsd[] = [];
  let fund = options.opening;
  let denied = 0;
  for (const [hour, rate] of run.entries()) {
    const reference = priceIn(rate);
    if (hour % options.everyHours === 0) {
      const quote = wantedQuote(rateSeries(series.slice(hour, hour + MAX_HOURS)), fund, options);
      const now = timestampOf(rate.hourStart);
      const firm = quote && { ...quote, expires: addSeconds(now, 60) };
      const inputs = { now, fund, quote: firm, signal: { price: reference, at: now }, reference };
      if (firm !== undefined && assess(options.limits, inputs).approved) {
        fund = afterSwap(fund, firm);
        swaps.push({ ...firm, at: now, networkFee: options.networkFee });
      } else if (firm !== undefined) denied += 1;
    }
    values.push(hbarValue(fund.hbar, reference) + fund.tokens);
  }
  const { opening, desk } = options;
  const price = priceIn(lastRate(run));
  const untouched = run.map((rate) => hbarValue(opening.hbar, priceIn(rate)) + opening.tokens);
  return {
    hours: run.length,
    decisions: Math.ceil(run.length / options.everyHours),
    denied,
    profit: profitOf({ opening: { ...opening, price: priceIn(run[0]) }, swaps, price, feeBps: desk.feeBps }),
    value: hbarValue(fund.hbar, price) + fund.tokens,
    fundVolatility: rounded(annualVolatility(values)),
    untouchedVolatility: rounded(annualVolatility(untouched)),
  };
}

function wantedQuote(history: RateSeries, fund: Holdings, { strategy, limits, desk }: BacktestOptions) {
  const reference = priceIn(lastRate(history));
  const { last, quantiles } = forecast(history, 1);
  const decision = decide({
    fund,
    reference,
    volatilityPpm: ppmOf(rounded(volatilityOf(history).annualEwma)),
    forecast: { last, ...quantiles },
    limits,
    strategy,
  });
  if (decision.action === "hold") return undefined;
  return quoteHbar(poolAt(reference, desk.hbar, desk.feeBps), decision.side, decision.hbar);
}

function annualVolatility(values: readonly MicroUsd[]): number {
  return volatilityOfReturns(differences(values.map((value) => ln(Number(value))))).annualPlain;
}
