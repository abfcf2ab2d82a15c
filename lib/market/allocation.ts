/**
 * The strategy: hold as much HBAR as keeps the fund's volatility at its target.
 *
 * The stablecoin doesn't move, so a fund with the share w in HBAR moves w times
 * as much as HBAR does. The target share is therefore target volatility over
 * measured volatility, kept between two bounds. It takes no view on where the
 * price goes: the forecast only has to be sound and of today's price.
 */
import { formatUnits, type Tinybar } from "../hedera/amount.ts";
import { FestError } from "../hedera/error.ts";
import type { TradeLimits } from "./limits.ts";
import { BPS, hbarValue, type MicroUsd, PPM, tinybarsFor } from "./price.ts";
import type { Holdings } from "./risk.ts";
import { divideCeil, divideFloor, divideHalfEven, larger, magnitude, smaller } from "./rounding.ts";
import type { Side } from "./swap.ts";

/** What the strategy aims at. Shares of the fund's value and volatilities are in millionths (ppm). */
export interface Strategy {
  /** Annual volatility that the fund should have. */
  readonly targetVolatilityPpm: bigint;
  /** Least and greatest share of HBAR. */
  readonly minWeightPpm: bigint;
  readonly maxWeightPpm: bigint;
  /** How far the share may be from its target before the fund trades. */
  readonly bandPpm: bigint;
  /** Smaller trades aren't worth their fees. */
  readonly minTrade: Tinybar;
}

/**
 * The strategy of this project: 30% volatility a year, 10% to 90% in HBAR,
 * traded when 5 points off, from 1 HBAR on. As the bounds are more than the band
 * away from 0% and 100%, a fund in one asset alone always trades.
 */
export const STRATEGY: Strategy = {
  targetVolatilityPpm: 300_000n,
  minWeightPpm: 100_000n,
  maxWeightPpm: 900_000n,
  bandPpm: 50_000n,
  minTrade: 100_000_000n,
};

/** The forecast that the decision rests on, in micro-USD a HBAR. */
export interface PriceForecast {
  /** The price that it started from. */
  readonly last: MicroUsd;
  readonly q10: MicroUsd;
  readonly q50: MicroUsd;
  readonly q90: MicroUsd;
}

/** What a decision is made from. */
export interface AllocationInputs {
  readonly fund: Holdings;
  /** The network's price of one HBAR now. */
  readonly reference: MicroUsd;
  /** Measured annual volatility of HBAR. */
  readonly volatilityPpm: bigint;
  readonly forecast: PriceForecast;
  readonly limits: TradeLimits;
  readonly strategy?: Strategy;
}

/** The trade that the fund wants, or that it wants none, and why. Shares are `null` where there was no fund to measure. */
export type Decision =
  | {
      readonly action: "trade";
      readonly side: Side;
      readonly hbar: Tinybar;
      readonly referencePrice: MicroUsd;
      readonly weightPpm: bigint;
      readonly targetPpm: bigint;
      readonly reason: string;
    }
  | {
      readonly action: "hold";
      readonly weightPpm: bigint | null;
      readonly targetPpm: bigint;
      readonly reason: string;
    };

/**
 * The share of HBAR that gives the fund its target volatility, within the
 * strategy's bounds, rounded down; the greatest share if HBAR doesn't move.
 *
 * @throws FestError `VOLATILITY_INVALID` if it is negative
 */
export function targetWeight(strategy: Strategy, volatilityPpm: bigint): bigint {
  if (volatilityPpm < 0n) throw new FestError("VOLATILITY_INVALID", `${volatilityPpm} ppm is no volatility`);
  if (volatilityPpm === 0n) return strategy.maxWeightPpm;
  const weight = divideFloor(strategy.targetVolatilityPpm * PPM, volatilityPpm);
  return larger(strategy.minWeightPpm, smaller(strategy.maxWeightPpm, weight));
}

/**
 * Decides what the fund trades. Inside the band it holds; outside it trades to
 * the target, as far as the limits and its balances go.
 *
 * @throws FestError `VOLATILITY_INVALID`
 */
export function decide(inputs: AllocationInputs): Decision {
  const { fund, reference, forecast, limits, strategy = STRATEGY } = inputs;
  const targetPpm = targetWeight(strategy, inputs.volatilityPpm);
  const hold = (weightPpm: bigint | null, reason: string): Decision => ({
    action: "hold",
    weightPpm,
    targetPpm,
    reason,
  });

  const unsound = reference <= 0n ? "no reference price" : forecastFault(forecast, reference, limits);
  if (unsound !== null) return hold(null, unsound);
  const value = hbarValue(fund.hbar, reference);
  const total = value + fund.tokens;
  if (total <= 0n) return hold(null, "the fund is empty");

  const weightPpm = divideHalfEven(value * PPM, total);
  const shares = `HBAR is ${percent(weightPpm)} of the fund, target ${percent(targetPpm)}`;
  if (magnitude(targetPpm - weightPpm) <= strategy.bandPpm) {
    return hold(weightPpm, `${shares}, within ${percent(strategy.bandPpm)}`);
  }
  const side = targetPpm > weightPpm ? "buy" : "sell";
  const wanted = tinybarsFor(magnitude(divideFloor(targetPpm * total, PPM) - value), reference);
  const hbar = smaller(wanted, room(side, inputs));
  if (hbar < strategy.minTrade) {
    return hold(weightPpm, `${shares}, but only ${hbar} of ${wanted} tinybars can be traded`);
  }
  const reason = hbar < wanted ? `${shares}; ${hbar} of ${wanted} tinybars within the limits` : shares;
  return { action: "trade", side, hbar, referencePrice: reference, weightPpm, targetPpm, reason };
}

function forecastFault(forecast: PriceForecast, reference: MicroUsd, limits: TradeLimits): string | null {
  if (forecast.q10 <= 0n || forecast.q10 > forecast.q50 || forecast.q50 > forecast.q90) {
    return "the forecast's quantiles are crossed";
  }
  const drift = divideCeil(magnitude(forecast.last - reference) * BPS, reference);
  if (drift <= limits.maxDeviationBps) return null;
  return `the forecast is of a price ${drift} basis points away`;
}

/** How much may be traded at most: by size, by position, by floor, and by what the fund can pay at the worst allowed price. */
function room(side: Side, { fund, reference, limits }: AllocationInputs): Tinybar {
  const bySide =
    side === "sell"
      ? fund.hbar - limits.minBalance
      : smaller(
          limits.maxPosition - fund.hbar,
          tinybarsFor(divideFloor(fund.tokens * BPS, BPS + limits.maxSlippageBps), reference),
        );
  return larger(0n, smaller(limits.maxTrade, bySide));
}

function percent(ppm: bigint): string {
  return `${formatUnits(ppm, 4)}%`;
}
