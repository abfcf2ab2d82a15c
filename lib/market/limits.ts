import type * as z from "zod/mini";
import type { tradeLimits } from "../festival/entry/governance.ts";
import type { Tinybar } from "../hedera/amount.ts";

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
  /** How old the signal behind the trade may be, in seconds of consensus time. */
  readonly maxSignalAgeSeconds: bigint;
  /** How long a quote must still stand when it is judged, in seconds of consensus time: signing takes a round. */
  readonly minQuoteSeconds: bigint;
}

/** How long a quote must still stand when the coordinator judges it: the time of one round on a public network. */
export const MIN_QUOTE_SECONDS = 5n;

/**
 * The limits that a manifest sets. Slippage has no figure of its own there and
 * gets the deviation's; a quote must stand for {@link MIN_QUOTE_SECONDS}.
 */
export function limitsOfManifest(limits: z.output<typeof tradeLimits>): TradeLimits {
  const maxDeviationBps = BigInt(limits.max_deviation_bps);
  return {
    maxTrade: limits.max_trade,
    maxPosition: limits.max_position,
    minBalance: limits.min_balance,
    maxDeviationBps,
    maxSlippageBps: maxDeviationBps,
    maxSignalAgeSeconds: BigInt(limits.max_signal_age),
    minQuoteSeconds: MIN_QUOTE_SECONDS,
  };
}
