import type * as z from "zod/mini";
import type { tradeLimits } from "../festival/entry/governance.ts";
import type { Tinybar } from "../hedera/amount.ts";
import type { MicroUsd } from "./price.ts";

/** What bounds every trade of the fund. All are checked before the coordinator signs. */
export interface TradeLimits {
  /** Largest single trade, in tinybars. */
  readonly maxTrade: Tinybar;
  /** Largest HBAR position of the fund after a purchase, in tinybars. */
  readonly maxPosition: Tinybar;
  /** HBAR that the fund keeps in any case, in tinybars. */
  readonly minBalance: Tinybar;
  /** How far a quote's price may lie from the network's rate, either way, in basis points. */
  readonly maxDeviationBps: bigint;
  /** How much worse for the fund than the signal's price a quote may be, in basis points. */
  readonly maxSlippageBps: bigint;
  /** What a trade must gain against the network's rate after all fees, in basis points of its value. */
  readonly minEdgeBps: bigint;
  /** How wide the forecast's 80% interval may be, in basis points of its median: the signal's confidence. */
  readonly maxSpreadBps: bigint;
  /** How old the signal behind the trade may be, in seconds of consensus time. */
  readonly maxSignalAgeSeconds: bigint;
  /** How long ago the network may have set the rate, in seconds of consensus time. */
  readonly maxRateAgeSeconds: bigint;
  /** How long a quote must still stand when it is judged, in seconds of consensus time: signing takes a round. */
  readonly minQuoteSeconds: bigint;
  /** Most that may be traded within 24 hours, in micro-USD. */
  readonly maxDailyVolume: MicroUsd;
  /** How far trading may have fallen behind its best since the owner last spoke, in basis points of the fund's value; then it halts. */
  readonly maxDrawdownBps: bigint;
  /** How long the other parties of the trade may have been silent, in seconds of consensus time. */
  readonly maxSilenceSeconds: bigint;
}

/** How long a quote must still stand when the coordinator judges it: the time of one round on a public network. */
export const MIN_QUOTE_SECONDS = 5n;

/** What the network takes for a trade in all, in micro-USD: a schedule, two more signatures, its execution, the entries. */
export const TRADE_COST: MicroUsd = 20_000n;

/** What holds where a manifest says nothing of it. */
export const DEFAULT_LIMITS = {
  maxSlippageBps: 50n,
  minEdgeBps: 5n,
  maxSpreadBps: 1_000n,
  maxRateAgeSeconds: 7_200n,
  maxDailyVolume: 1_000_000_000_000n,
  maxDrawdownBps: 1_000n,
  maxSilenceSeconds: 300n,
} as const;

/** The limits that a manifest sets, {@link DEFAULT_LIMITS} where it is silent; a quote must stand for {@link MIN_QUOTE_SECONDS}. */
export function limitsOfManifest(limits: z.output<typeof tradeLimits>): TradeLimits {
  const or = (value: number | undefined, fallback: bigint) =>
    value === undefined ? fallback : BigInt(value);
  return {
    maxTrade: limits.max_trade,
    maxPosition: limits.max_position,
    minBalance: limits.min_balance,
    maxDeviationBps: BigInt(limits.max_deviation_bps),
    maxSlippageBps: or(limits.max_slippage_bps, DEFAULT_LIMITS.maxSlippageBps),
    minEdgeBps: or(limits.min_edge_bps, DEFAULT_LIMITS.minEdgeBps),
    maxSpreadBps: or(limits.max_spread_bps, DEFAULT_LIMITS.maxSpreadBps),
    maxSignalAgeSeconds: BigInt(limits.max_signal_age),
    maxRateAgeSeconds: or(limits.max_rate_age, DEFAULT_LIMITS.maxRateAgeSeconds),
    minQuoteSeconds: MIN_QUOTE_SECONDS,
    maxDailyVolume: limits.max_daily_volume ?? DEFAULT_LIMITS.maxDailyVolume,
    maxDrawdownBps: or(limits.max_drawdown_bps, DEFAULT_LIMITS.maxDrawdownBps),
    maxSilenceSeconds: or(limits.max_silence, DEFAULT_LIMITS.maxSilenceSeconds),
  };
}
