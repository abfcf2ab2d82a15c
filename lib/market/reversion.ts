/**
 * The strategy: the venue's price comes back to the network's rate, because
 * others trade there too, so buy below the rate and sell above it.
 *
 * Every tinybar of a trade has to pay for itself. One that brings the fund
 * nearer to the share of HBAR that it should hold pays its own fee and the edge;
 * one that takes it further away has to be undone later and pays a second fee.
 * The share itself keeps the fund's volatility at its target.
 */
import { formatUnits, type Tinybar } from "../hedera/amount.ts";
import { FestError } from "../hedera/error.ts";
import { TRADE_COST, type TradeLimits } from "./limits.ts";
import { BPS, hbarValue, type MicroUsd, PPM, priceOfSwap, tinybarsFor } from "./price.ts";
import { forecastSpread, type Holdings, type PriceForecast } from "./risk.ts";
import { divideCeil, divideFloor, divideHalfEven, larger, magnitude, smaller } from "./rounding.ts";
import type { Side } from "./swap.ts";
import type { Venue } from "./venue.ts";

/** What the strategy aims at. Shares of the fund's value and volatilities are in millionths (ppm). */
export interface Strategy {
  /** Annual volatility that the fund should have at rest. */
  readonly targetVolatilityPpm: bigint;
  /** Least and greatest share of HBAR that it rests at, and that a trade may lead to. */
  readonly minWeightPpm: bigint;
  readonly maxWeightPpm: bigint;
  /** What every tinybar must gain against the network's rate beyond the fees, in basis points. */
  readonly edgeBps: bigint;
  /** Smaller trades aren't made. */
  readonly minTrade: Tinybar;
}

/** The strategy of this project: 30% volatility a year, 10% to 90% in HBAR, an edge of 10 basis points, from 1 HBAR on. */
export const STRATEGY: Strategy = {
  targetVolatilityPpm: 300_000n,
  minWeightPpm: 100_000n,
  maxWeightPpm: 900_000n,
  edgeBps: 10n,
  minTrade: 100_000_000n,
};

/** What a decision is made from. */
export interface ReversionInputs {
  readonly fund: Holdings;
  readonly venue: Venue;
  /** How many trades others made with the venue lately: without any, its price comes back to nothing. */
  readonly others: number;
  /** The network's price of one HBAR now. */
  readonly reference: MicroUsd;
  /** Measured annual volatility of HBAR. */
  readonly volatilityPpm: bigint;
  readonly forecast: PriceForecast;
  readonly limits: TradeLimits;
  readonly strategy?: Strategy;
}

/** Where the fund and the venue stand. The share is `null` where there was nothing to measure. */
interface Standing {
  readonly weightPpm: bigint | null;
  readonly targetPpm: bigint;
  /** How far the venue's price is above (or, negative, below) the network's rate, in basis points. */
  readonly gapBps: bigint | null;
  readonly reason: string;
}

/** The trade that the fund wants, or that it wants none, and why. */
export type Decision =
  | (Standing & {
      readonly action: "trade";
      readonly side: Side;
      readonly hbar: Tinybar;
      /** The price that the venue would take for it now, fee included: what a quote is measured by. */
      readonly price: MicroUsd;
    })
  | (Standing & { readonly action: "hold" });

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
 * Decides what the fund trades with the venue, as far as the limits and its
 * balances go, or why it holds.
 *
 * @throws FestError `VOLATILITY_INVALID`
 */
export function decide(inputs: ReversionInputs): Decision {
  const { fund, venue, reference, limits, strategy = STRATEGY } = inputs;
  const targetPpm = targetWeight(strategy, inputs.volatilityPpm);
  const none = (reason: string): Decision => ({
    action: "hold",
    weightPpm: null,
    targetPpm,
    gapBps: null,
    reason,
  });
  if (reference <= 0n) return none("no reference price");
  const total = hbarValue(fund.hbar, reference) + fund.tokens;
  if (total <= 0n) return none("the fund is empty");

  const weightPpm = divideHalfEven(hbarValue(fund.hbar, reference) * PPM, total);
  const gapBps = divideHalfEven((venue.midPrice() - reference) * BPS, reference);
  const stand = { weightPpm, targetPpm, gapBps };
  const hold = (reason: string): Decision => ({ action: "hold", ...stand, reason });
  const unsound = unsoundness(inputs);
  if (unsound !== null) return hold(unsound);

  const side = gapBps < 0n ? "buy" : "sell";
  const marginBps = marginOf(side, strategy, inputs, stand);
  const wanted = venue.hbarUpTo(side, limitPrice(side, reference, marginBps));
  const where = `the desk's price is ${percent(magnitude(gapBps))} ${gapBps < 0n ? "below" : "above"} the network's rate`;
  const pays = `a ${side} has to make good ${percent(marginBps + venue.feeBps)} of fees and edge`;
  if (wanted < strategy.minTrade) return hold(`${where}; ${pays}`);
  const hbar = smaller(wanted, room(side, inputs, strategy, total));
  if (hbar < strategy.minTrade) return hold(`${where}, but only ${hbar} of ${wanted} tinybars can be traded`);
  const { tokens } = venue.quote(side, hbar);
  const gain = (side === "buy" ? 1n : -1n) * (hbarValue(hbar, reference) - tokens);
  if (gain - TRADE_COST < divideCeil(hbarValue(hbar, reference) * limits.minEdgeBps, BPS)) {
    return hold(`${where}, but a gain of ${gain} micro-USD would not pay the network's fees`);
  }
  const reason = hbar < wanted ? `${where}; ${hbar} of ${wanted} tinybars within the limits` : where;
  return { action: "trade", side, hbar, price: priceOfSwap(hbar, tokens), ...stand, reason };
}

/** Why there is nothing to decide by; null if there is. */
function unsoundness({ forecast, reference, limits, others }: ReversionInputs): string | null {
  if (forecast.q10 <= 0n || forecast.q10 > forecast.q50 || forecast.q50 > forecast.q90) {
    return "the forecast's quantiles are crossed";
  }
  const drift = divideCeil(magnitude(forecast.last - reference) * BPS, reference);
  if (drift > limits.maxDeviationBps) return `the forecast is of a price ${drift} basis points away`;
  const spread = forecastSpread(forecast);
  if (spread > limits.maxSpreadBps) return `the forecast is too wide: ${percent(spread)} of the price`;
  if (others === 0) return "nobody else traded with the desk lately, so its price comes back to nothing";
  return null;
}

/** What the price has to be better than the network's rate by, after the venue's fee on this very trade. */
function marginOf(
  side: Side,
  { edgeBps }: Strategy,
  { venue }: ReversionInputs,
  { weightPpm, targetPpm }: { weightPpm: bigint; targetPpm: bigint },
): bigint {
  const nearer = side === "buy" ? weightPpm < targetPpm : weightPpm > targetPpm;
  return nearer ? edgeBps : edgeBps + venue.feeBps;
}

function limitPrice(side: Side, reference: MicroUsd, marginBps: bigint): MicroUsd {
  return side === "buy"
    ? divideFloor(reference * (BPS - marginBps), BPS)
    : divideCeil(reference * (BPS + marginBps), BPS);
}

/** How much may be traded at most: by size, position, share, floor, and by what the fund can pay at the worst allowed price. */
function room(
  side: Side,
  { fund, reference, limits }: ReversionInputs,
  { minWeightPpm, maxWeightPpm }: Strategy,
  total: MicroUsd,
): Tinybar {
  const atShare = (share: bigint) => tinybarsFor(divideFloor(total * share, PPM), reference);
  const bounds =
    side === "sell"
      ? [fund.hbar - limits.minBalance, fund.hbar - atShare(minWeightPpm)]
      : [
          limits.maxPosition - fund.hbar,
          atShare(maxWeightPpm) - fund.hbar,
          tinybarsFor(divideFloor(fund.tokens * BPS, BPS + limits.maxSlippageBps), reference),
        ];
  return larger(0n, bounds.reduce(smaller, limits.maxTrade));
}

function percent(bps: bigint): string {
  return `${formatUnits(bps, 2)}%`;
}
