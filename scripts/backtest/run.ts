/** The strategy on a file of past rates: what the live agents would have known in each hour, and what they would have done. */
import { FestError } from "../../lib/hedera/error.ts";
import { timestampOf } from "../../lib/hedera/timestamp.ts";
import { rounded } from "../../lib/inference/exact-math.ts";
import { forecast } from "../../lib/inference/forecast.ts";
import { type Measurement, measureForecast } from "../../lib/inference/measure.ts";
import {
  lastRate,
  MAX_HOURS,
  priceIn,
  type RateSeries,
  rateSeries,
} from "../../lib/inference/rate-series.ts";
import { volatilityOf } from "../../lib/inference/volatility.ts";
import { DESK_FEE_BPS } from "../../lib/market/desk.ts";
import { DEFAULT_LIMITS, MIN_QUOTE_SECONDS, type TradeLimits } from "../../lib/market/limits.ts";
import { NOISE, type Noise } from "../../lib/market/noise.ts";
import { poolAt } from "../../lib/market/pool.ts";
import { hbarValue, ppmOf } from "../../lib/market/price.ts";
import { STRATEGY } from "../../lib/market/reversion.ts";
import {
  type KnownHour,
  type Simulation,
  type SimulationOptions,
  simulate,
} from "../../lib/market/simulation.ts";

const HBAR = 100_000_000n;
/** The fund opens with so much HBAR and as many tokens as it is worth. */
const FUND = 5_000n * HBAR;
/** The desk's pool opens with so much HBAR, at the network's rate. */
const POOL = 100_000n * HBAR;
/** What the network is taken to charge for a trade. */
const NETWORK_FEE = HBAR / 10n;
/** As the live strategy: the price an hour ahead. */
const HORIZON_HOURS = 1;

/** The limits that devnet's manifest sets. */
const LIMITS: TradeLimits = {
  ...DEFAULT_LIMITS,
  maxTrade: 2_500n * HBAR,
  maxPosition: 20_000n * HBAR,
  minBalance: HBAR,
  maxDeviationBps: 500n,
  maxSignalAgeSeconds: 900n,
  minQuoteSeconds: MIN_QUOTE_SECONDS,
};

/** Strengths of noise that a sweep tries, in basis points; `null` is no noise trader at all. */
const SWEEP: readonly (bigint | null)[] = [null, 0n, 50n, 100n, 150n, 200n, 300n];

/** A backtest, and what the forecast was worth on the same hours. */
export interface Backtest {
  readonly noise: Noise | null;
  readonly run: Simulation;
  readonly forecast: Measurement;
  /** The same with other strengths of noise. */
  readonly sweep: readonly { readonly strengthBps: bigint | null; readonly run: Simulation }[];
}

/**
 * What was known in every hour of a series from the 168th on, by the functions
 * that forecast and measure live.
 *
 * @throws FestError `RATES_TOO_FEW`
 */
function knownHours(series: RateSeries): readonly KnownHour[] {
  if (series.length < MAX_HOURS + 1) {
    throw new FestError(
      "RATES_TOO_FEW",
      `${series.length} hours are too few: each forecast looks at ${MAX_HOURS}`,
      {
        fix: `Give a file of more than ${MAX_HOURS} hours.`,
      },
    );
  }
  return series.slice(MAX_HOURS - 1).map((_, index) => {
    const history = rateSeries(series.slice(index, index + MAX_HOURS));
    const rate = lastRate(history);
    const { last, quantiles } = forecast(history, HORIZON_HOURS);
    return {
      at: timestampOf(rate.hourStart),
      reference: priceIn(rate),
      volatilityPpm: ppmOf(rounded(volatilityOf(history).annualEwma)),
      forecast: { last, ...quantiles },
    };
  });
}

/** Runs the strategy over a series with a noise, or none; `sweep` also with the strengths of {@link SWEEP}. @throws FestError */
export function backtest(series: RateSeries, noise: Noise | null, sweep: boolean): Backtest {
  const known = knownHours(series);
  const options = optionsOf(known[0]?.reference ?? 0n);
  const seed = noise?.seed ?? NOISE.seed;
  return {
    noise,
    run: simulate(known, { ...options, noise }),
    forecast: measureForecast(series, { horizonHours: HORIZON_HOURS, from: MAX_HOURS + HORIZON_HOURS }),
    sweep: (sweep ? SWEEP : []).map((strengthBps) => ({
      strengthBps,
      run: simulate(known, { ...options, noise: strengthBps === null ? null : { seed, strengthBps } }),
    })),
  };
}

function optionsOf(opening: bigint): Omit<SimulationOptions, "noise"> {
  return {
    opening: { hbar: FUND, tokens: hbarValue(FUND, opening) },
    pool: poolAt(opening, POOL, DESK_FEE_BPS),
    strategy: STRATEGY,
    limits: LIMITS,
    networkFee: NETWORK_FEE,
  };
}
