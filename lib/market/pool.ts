/**
 * A constant-product pool between HBAR and a stablecoin: whatever is traded,
 * hbar x tokens never falls. The fee stays in the pool. Every division rounds in
 * the pool's favour: what leaves it down, what enters it up.
 */

import { TINYBARS_PER_HBAR, type Tinybar, type TokenUnits } from "../hedera/amount.ts";
import { FestError } from "../hedera/error.ts";
import { BPS, hbarValue, type MicroUsd, priceOfSwap } from "./price.ts";
import { divideCeil, divideFloor, larger, squareRootFloor } from "./rounding.ts";
import type { Side, SwapAmounts } from "./swap.ts";

/** The reserves of a pool and its fee, in basis points of what enters, 0 to 9,999. */
export interface Pool {
  readonly hbar: Tinybar;
  readonly tokens: TokenUnits;
  readonly feeBps: bigint;
}

/** What a pool would do. `side` is the trader's: who sells HBAR puts it into the pool. */
export interface PoolQuote {
  readonly side: Side;
  readonly hbar: Tinybar;
  readonly tokens: TokenUnits;
  /** The part of what enters that is the fee: tinybars when HBAR is sold, token units when it is bought. */
  readonly fee: bigint;
  /** How much worse than the mid price the trade is before the fee, in basis points, rounded up. */
  readonly impactBps: bigint;
}

/**
 * A pool whose mid price is `price`.
 *
 * @throws FestError `POOL_INVALID` if a reserve would be empty or the fee isn't 0 to 9,999 basis points
 */
export function poolAt(price: MicroUsd, hbar: Tinybar, feeBps: bigint): Pool {
  return checkPool({ hbar, tokens: hbarValue(hbar, price), feeBps });
}

/** The pool's price of one HBAR between its two sides, in micro-USD, halves to even. */
export function midPrice(pool: Pool): MicroUsd {
  return priceOfSwap(pool.hbar, pool.tokens);
}

/** Selling exactly `hbar` to the pool. @throws FestError `POOL_QUOTE_IMPOSSIBLE`, `POOL_INVALID` */
export function sellExactHbar(pool: Pool, hbar: Tinybar): PoolQuote {
  return quoteOf(pool, "sell", hbar, outFor(pool.hbar, pool.tokens, pool.feeBps, hbar));
}

/** Selling as much HBAR as brings exactly `tokens`. @throws FestError `POOL_QUOTE_IMPOSSIBLE`, `POOL_INVALID` */
export function sellForExactTokens(pool: Pool, tokens: TokenUnits): PoolQuote {
  return quoteOf(pool, "sell", inFor(pool.hbar, pool.tokens, pool.feeBps, tokens), tokens);
}

/** Buying exactly `hbar` from the pool. @throws FestError `POOL_QUOTE_IMPOSSIBLE`, `POOL_INVALID` */
export function buyExactHbar(pool: Pool, hbar: Tinybar): PoolQuote {
  return quoteOf(pool, "buy", hbar, inFor(pool.tokens, pool.hbar, pool.feeBps, hbar));
}

/** Buying as much HBAR as exactly `tokens` pay for. @throws FestError `POOL_QUOTE_IMPOSSIBLE`, `POOL_INVALID` */
export function buyWithExactTokens(pool: Pool, tokens: TokenUnits): PoolQuote {
  return quoteOf(pool, "buy", outFor(pool.tokens, pool.hbar, pool.feeBps, tokens), tokens);
}

/** The quote for trading exactly `hbar`, on either side: what a `quote_requested` asks for. @throws FestError as those */
export function quoteHbar(pool: Pool, side: Side, hbar: Tinybar): PoolQuote {
  return side === "sell" ? sellExactHbar(pool, hbar) : buyExactHbar(pool, hbar);
}

/**
 * The pool after a swap that was executed.
 *
 * @throws FestError `POOL_SWAP_INVALID` if the swap takes more than the curve allows, so that it can't
 * have been quoted by this pool
 */
export function poolAfter(pool: Pool, swap: SwapAmounts): Pool {
  const sign = swap.side === "sell" ? 1n : -1n;
  const after = { ...pool, hbar: pool.hbar + sign * swap.hbar, tokens: pool.tokens - sign * swap.tokens };
  const broken =
    after.hbar <= 0n || after.tokens <= 0n || after.hbar * after.tokens < pool.hbar * pool.tokens;
  if (broken || swap.hbar <= 0n || swap.tokens <= 0n) {
    throw new FestError(
      "POOL_SWAP_INVALID",
      `a ${swap.side} of ${swap.hbar} tinybars for ${swap.tokens} token units breaks the pool's curve`,
    );
  }
  return after;
}

/**
 * How much HBAR can be traded before the next tinybar, its fee included, costs
 * more (a purchase) or brings less (a sale) than `price`; 0 if the first one
 * does. The curve's slope at the reserve H is k / H^2.
 *
 * @throws FestError `POOL_INVALID`
 */
export function hbarUpTo(pool: Pool, side: Side, price: MicroUsd): Tinybar {
  checkPool(pool);
  if (price <= 0n) return 0n;
  const kept = BPS - pool.feeBps;
  const scaled = pool.hbar * pool.tokens * TINYBARS_PER_HBAR;
  if (side === "buy") {
    const left = squareRootFloor(divideCeil(scaled * BPS, price * kept)) + 1n;
    return larger(0n, pool.hbar - left);
  }
  const reached = squareRootFloor(divideFloor(scaled * kept, price * BPS));
  return larger(0n, divideFloor((reached - pool.hbar) * BPS, kept));
}

/** How much HBAR moves the pool's mid price to `price`, fees aside, and which way; null if it is there. @throws as those */
export function hbarToMid(pool: Pool, price: MicroUsd): { side: Side; hbar: Tinybar } | null {
  checkPool(pool);
  if (price <= 0n) return null;
  const reserve = squareRootFloor(divideFloor(pool.hbar * pool.tokens * TINYBARS_PER_HBAR, price));
  if (reserve === pool.hbar) return null;
  return reserve < pool.hbar
    ? { side: "buy", hbar: pool.hbar - reserve }
    : { side: "sell", hbar: reserve - pool.hbar };
}

function checkPool(pool: Pool): Pool {
  if (pool.hbar <= 0n || pool.tokens <= 0n || pool.feeBps < 0n || pool.feeBps >= BPS) {
    throw new FestError(
      "POOL_INVALID",
      `${pool.hbar} tinybars and ${pool.tokens} token units at ${pool.feeBps} basis points are not a pool`,
    );
  }
  return pool;
}

function outFor(reserveIn: bigint, reserveOut: bigint, feeBps: bigint, amountIn: bigint): bigint {
  const net = amountIn * (BPS - feeBps);
  const divisor = reserveIn * BPS + net;
  return divisor > 0n ? divideFloor(net * reserveOut, divisor) : 0n;
}

function inFor(reserveIn: bigint, reserveOut: bigint, feeBps: bigint, amountOut: bigint): bigint {
  const left = reserveOut - amountOut;
  return left > 0n && feeBps < BPS ? divideCeil(reserveIn * amountOut * BPS, left * (BPS - feeBps)) : 0n;
}

function quoteOf(pool: Pool, side: Side, hbar: Tinybar, tokens: TokenUnits): PoolQuote {
  checkPool(pool);
  const [entering, leaving] = side === "sell" ? [hbar, tokens] : [tokens, hbar];
  const [reserveIn, reserveOut] = side === "sell" ? [pool.hbar, pool.tokens] : [pool.tokens, pool.hbar];
  if (entering <= 0n || leaving <= 0n || leaving >= reserveOut) {
    throw new FestError(
      "POOL_QUOTE_IMPOSSIBLE",
      `a pool of ${pool.hbar} tinybars and ${pool.tokens} token units cannot ${side === "sell" ? "buy" : "sell"} ` +
        `${hbar} tinybars for ${tokens} token units`,
      { fix: "Trade more than dust and less than the pool holds." },
    );
  }
  const net = entering * (BPS - pool.feeBps);
  const ideal = net * reserveOut;
  return {
    side,
    hbar,
    tokens,
    fee: entering - divideFloor(net, BPS),
    impactBps: divideCeil((ideal - leaving * reserveIn * BPS) * BPS, ideal),
  };
}
