import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { FestError } from "../hedera/error.ts";
import {
  buyExactHbar,
  buyWithExactTokens,
  hbarToMid,
  hbarUpTo,
  midPrice,
  type Pool,
  type PoolQuote,
  poolAfter,
  poolAt,
  quoteHbar,
  sellExactHbar,
  sellForExactTokens,
} from "./pool.ts";

const HBAR = 100_000_000n;
const pool: Pool = { hbar: 1_000n * HBAR, tokens: 250_000_000n, feeBps: 30n };

const anyPool = fc.record({
  hbar: fc.bigInt(1_000n, 10n ** 18n),
  tokens: fc.bigInt(1_000n, 10n ** 15n),
  feeBps: fc.bigInt(0n, 9_999n),
});
const anyShare = fc.bigInt(1n, 2_000n);

/** The four ways to trade an amount that is some thousandths of the pool; `null` where the pool refuses. */
function quotes(on: Pool, share: bigint): (PoolQuote | null)[] {
  const hbar = (on.hbar * share) / 1_000n;
  const tokens = (on.tokens * share) / 1_000n;
  return [
    () => sellExactHbar(on, hbar),
    () => buyExactHbar(on, hbar),
    () => sellForExactTokens(on, tokens),
    () => buyWithExactTokens(on, tokens),
  ].map(orNull);
}

function orNull(quote: () => PoolQuote): PoolQuote | null {
  try {
    return quote();
  } catch (error) {
    if (error instanceof FestError && error.code === "POOL_QUOTE_IMPOSSIBLE") return null;
    throw error;
  }
}

describe("a constant-product pool", () => {
  test("quotes what the curve gives, by hand", () => {
    // 100 HBAR in, 99.7 after the fee: 250 x 99.7 / 1,099.7 = 22.665272...
    expect(sellExactHbar(pool, 100n * HBAR)).toEqual({
      side: "sell",
      hbar: 100n * HBAR,
      tokens: 22_665_272n,
      fee: 30_000_000n,
      impactBps: 907n,
    });
    // 100 HBAR out: 250 x 100 / 900 / 0.997 = 27.8613618..., up.
    expect(buyExactHbar(pool, 100n * HBAR)).toMatchObject({ side: "buy", tokens: 27_861_362n, fee: 83_585n });
    expect(midPrice(pool)).toBe(250_000n);
    expect(poolAt(250_000n, 1_000n * HBAR, 30n)).toEqual(pool);
  });

  test("quotes by the side that is asked for", () => {
    expect(quoteHbar(pool, "sell", HBAR)).toEqual(sellExactHbar(pool, HBAR));
    expect(quoteHbar(pool, "buy", HBAR)).toEqual(buyExactHbar(pool, HBAR));
  });

  test("never loses: hbar x tokens grows or stays with every trade", () => {
    fc.assert(
      fc.property(anyPool, anyShare, (on, share) => {
        for (const quote of quotes(on, share)) {
          if (quote === null) continue;
          const after = poolAfter(on, quote);
          expect(after.hbar * after.tokens >= on.hbar * on.tokens).toBe(true);
          expect(quote.impactBps >= 0n && quote.fee >= 0n).toBe(true);
        }
      }),
    );
  });

  test("gives a round trip no gain", () => {
    fc.assert(
      fc.property(anyPool, anyShare, (on, share) => {
        const [sold] = quotes(on, share);
        if (!sold) return;
        const bought = orNull(() => buyWithExactTokens(poolAfter(on, sold), sold.tokens));
        if (bought !== null) expect(bought.hbar <= sold.hbar).toBe(true);
      }),
    );
  });

  test("asks no less for an exact amount than that amount brings", () => {
    fc.assert(
      fc.property(anyPool, anyShare, (on, share) => {
        const [sold, bought] = quotes(on, share);
        if (sold) expect(sellForExactTokens(on, sold.tokens).hbar <= sold.hbar).toBe(true);
        if (bought) expect(buyWithExactTokens(on, bought.tokens).hbar >= bought.hbar).toBe(true);
      }),
    );
  });

  test("gives a larger trade no better price", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 400n), (tenths) => {
        const small = sellExactHbar(pool, tenths * HBAR);
        const large = sellExactHbar(pool, tenths * 2n * HBAR);
        expect(large.tokens <= 2n * small.tokens + 1n).toBe(true);
        expect(large.impactBps > small.impactBps).toBe(true);
      }),
    );
  });

  test.each([
    ["nothing", () => sellExactHbar(pool, 0n)],
    ["a negative amount", () => buyExactHbar(pool, -1n)],
    ["dust that brings nothing", () => sellExactHbar(pool, 1n)],
    ["all that it holds", () => buyExactHbar(pool, pool.hbar)],
    ["more than it holds", () => sellForExactTokens(pool, pool.tokens + 1n)],
    ["a negative amount of the other side", () => buyWithExactTokens(pool, -1n)],
    ["minus more than it holds", () => sellExactHbar(pool, -2_000n * HBAR)],
  ])("refuses to trade %s", (_, quote) => {
    expect(quote).toThrow(expect.objectContaining({ code: "POOL_QUOTE_IMPOSSIBLE" }));
  });

  test.each([
    [{ ...pool, hbar: 0n }],
    [{ ...pool, tokens: -1n }],
    [{ ...pool, feeBps: 10_000n }],
    [{ ...pool, feeBps: -1n }],
  ])("is refused as %p", (wrong) => {
    expect(() => sellExactHbar(wrong, HBAR)).toThrow(expect.objectContaining({ code: "POOL_INVALID" }));
    expect(() => buyExactHbar(wrong, HBAR)).toThrow(expect.objectContaining({ code: "POOL_INVALID" }));
  });

  test("refuses a swap that it can't have quoted", () => {
    const quote = sellExactHbar(pool, HBAR);
    expect(poolAfter(pool, quote)).toEqual({
      ...pool,
      hbar: pool.hbar + HBAR,
      tokens: pool.tokens - quote.tokens,
    });
    for (const tokens of [quote.tokens + 10_000n, pool.tokens, 0n, -1n]) {
      expect(() => poolAfter(pool, { ...quote, tokens })).toThrow(
        expect.objectContaining({ code: "POOL_SWAP_INVALID" }),
      );
    }
  });
});

describe("how far a pool can be traded", () => {
  test("up to a price: one tinybar more would be worse, fee included", () => {
    const price = fc.bigInt(200_000n, 300_000n);
    fc.assert(
      fc.property(fc.constantFrom("buy" as const, "sell" as const), price, (side, limit) => {
        const hbar = hbarUpTo(pool, side, limit);
        const sign = side === "buy" ? 1n : -1n;
        if (hbar < 2n * HBAR) return;
        const cost = (amount: bigint) => quoteHbar(pool, side, amount).tokens;
        const lastPrice = cost(hbar) - cost(hbar - HBAR);
        const nextPrice = cost(hbar + HBAR) - cost(hbar);
        expect(sign * (limit - lastPrice) >= -1n).toBe(true);
        expect(sign * (nextPrice - limit) >= -1n).toBe(true);
      }),
    );
    expect(hbarUpTo(pool, "buy", 250_000n)).toBe(0n);
    expect(hbarUpTo(pool, "sell", 250_000n)).toBe(0n);
    expect(hbarUpTo(pool, "buy", 0n)).toBe(0n);
  });

  test("to a mid price, fees aside", () => {
    const free = { ...pool, feeBps: 0n };
    for (const price of [200_000n, 240_000n, 260_000n, 300_000n]) {
      const way = hbarToMid(free, price);
      if (way === null) throw new Error("the price is another");
      const after = poolAfter(free, quoteHbar(free, way.side, way.hbar));
      expect(Number(midPrice(after) - price)).toBeWithin(-3, 4);
    }
    expect(hbarToMid(free, 250_000n)).toBeNull();
    expect(hbarToMid(free, 0n)).toBeNull();
  });
});
