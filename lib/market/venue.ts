/** Where the fund can trade, as the strategy and the backtest see it: a price, firm quotes, and what trades do to them. */
import type { Tinybar } from "../hedera/amount.ts";
import { hbarUpTo, midPrice, type Pool, type PoolQuote, poolAfter, quoteHbar } from "./pool.ts";
import type { MicroUsd } from "./price.ts";
import type { Side, SwapAmounts } from "./swap.ts";

/** A venue at one moment. It never changes; {@link Venue.after} gives the next one. */
export interface Venue {
  readonly name: string;
  /** Of what enters, in basis points. */
  readonly feeBps: bigint;
  /** The price of one HBAR between both sides, in micro-USD. */
  midPrice(): MicroUsd;
  /** What exactly `hbar` would cost or bring now, fee included. @throws FestError `POOL_QUOTE_IMPOSSIBLE` */
  quote(side: Side, hbar: Tinybar): PoolQuote;
  /** How much HBAR can be traded until the next tinybar's price, fee included, is `price`. */
  hbarUpTo(side: Side, price: MicroUsd): Tinybar;
  /** The venue after a trade. @throws FestError `POOL_SWAP_INVALID` if it could not have quoted it */
  after(swap: SwapAmounts): Venue;
}

/** The desk as a venue: a constant-product pool, whose price moves by nothing but trades. */
export function deskVenue(pool: Pool): Venue {
  return {
    name: "desk",
    feeBps: pool.feeBps,
    midPrice: () => midPrice(pool),
    quote: (side, hbar) => quoteHbar(pool, side, hbar),
    hbarUpTo: (side, price) => hbarUpTo(pool, side, price),
    after: (swap) => deskVenue(poolAfter(pool, swap)),
  };
}
