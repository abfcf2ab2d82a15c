import { describe, expect, test } from "bun:test";
import type { ExecutedSwap } from "./booking.ts";
import { drawdownsOf } from "./drawdown.ts";

const HBAR = 100_000_000n;
const opening = { hbar: 10n * HBAR, tokens: 10_000_000n, price: 200_000n };
/** Half of the HBAR sold for nothing. */
const loss: ExecutedSwap = { at: 1n, side: "sell", hbar: 5n * HBAR, tokens: 1n, price: 200_000n };

describe("drawdown", () => {
  const at = (time: bigint, price: bigint): ExecutedSwap => ({
    at: time,
    side: "sell",
    hbar: 1n,
    tokens: 1n,
    price,
  });

  test("is the largest fall from a peak, of the fund's value and of what trading gained", () => {
    // Worth 12, then 13, then 11: a fall of 2 from 13. The market did it, not trading.
    const swaps = [at(1n, 300_000n), at(2n, 100_000n)];
    expect(drawdownsOf({ opening, swaps, price: 250_000n })).toEqual({ value: 1_539n, trading: 0n });
    expect(drawdownsOf({ opening, swaps: [loss], price: 200_000n })).toEqual({ value: 834n, trading: 834n });
  });

  test("begins anew when the owner speaks", () => {
    const swaps = [loss, at(3n, 200_000n)];
    expect(drawdownsOf({ opening, swaps, price: 200_000n }, 2n).trading).toBeLessThan(2n);
    expect(drawdownsOf({ opening, swaps, price: 200_000n }, 1n).trading).toBe(834n);
  });

  test("is not filled up by a gift", () => {
    const swaps = [loss];
    const deposits = [{ at: 2n, hbar: 0n, tokens: 100_000_000n, price: 200_000n }];
    expect(drawdownsOf({ opening, swaps, deposits, price: 200_000n })).toEqual({
      value: 834n,
      trading: 834n,
    });
  });
});
