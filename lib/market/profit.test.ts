import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ExecutedSwap } from "./booking.ts";
import { hbarValue } from "./price.ts";
import { profitOf, venueFee } from "./profit.ts";

const HBAR = 100_000_000n;
const opening = { hbar: 10n * HBAR, tokens: 10_000_000n, price: 200_000n };
const swap = (at: bigint, side: "buy" | "sell", hbar: bigint, tokens: bigint): ExecutedSwap => ({
  at,
  side,
  hbar: hbar * HBAR,
  tokens,
  price: 200_000n,
});
/** What two transactions of 1,000 tinybars cost. */
const networkFees = 2_000n;

describe("profit", () => {
  test("of no trade is the price's alone, and untouched", () => {
    const profit = profitOf({ opening, swaps: [], networkFees: 0n, price: 250_000n, feeBps: 30n });
    expect(profit).toMatchObject({
      trades: 0,
      realised: 0n,
      unrealised: 500_000n,
      untouched: 500_000n,
      net: 500_000n,
    });
    expect(profit.inventory).toEqual({ hbar: opening.hbar, tokens: opening.tokens });
    expect(profit.selfSustaining).toBe(false);
  });

  test("takes lots first in, first out", () => {
    const swaps = [swap(1n, "buy", 10n, 3_000_000n), swap(2n, "sell", 15n, 4_500_000n)];
    // 10 HBAR at 0.20 and 5 at 0.30 cost 3.50; sold for 4.50. 5 at 0.30 are left, at 0.25.
    expect(profitOf({ opening, swaps, networkFees, price: 250_000n, feeBps: 30n })).toEqual({
      trades: 2,
      sales: 1,
      wins: 1,
      inventory: { hbar: 5n * HBAR, tokens: 11_500_000n },
      realised: 1_000_000n,
      unrealised: -250_000n,
      turnover: 7_500_000n,
      venueFees: 9_000n + 13_541n,
      networkFees: 2_000n,
      networkFeesValue: 5n,
      net: 749_995n,
      untouched: 500_000n,
      trading: 250_000n,
      desk: -250_000n,
      drawdown: { value: 834n, trading: 834n },
      selfSustaining: true,
    });
  });

  test("keeps lots in order over several sales", () => {
    const swaps = [
      swap(1n, "buy", 10n, 3_000_000n),
      swap(2n, "buy", 10n, 4_000_000n),
      swap(3n, "sell", 5n, 1_000_000n),
      swap(4n, "sell", 10n, 2_500_000n),
    ];
    // 5 at 0.20 for 1.00, then 5 at 0.20 and 5 at 0.30 for 2.50: nothing gained.
    expect(profitOf({ opening, swaps, networkFees, price: 350_000n, feeBps: 0n })).toMatchObject({
      realised: 0n,
      unrealised: 15n * 350_000n - 1_500_000n - 4_000_000n,
    });
  });

  test("does not sustain itself when fees eat what was realised", () => {
    const swaps = [swap(1n, "sell", 1n, 200_001n)];
    expect(profitOf({ opening, swaps, networkFees: HBAR, price: 200_000n, feeBps: 0n })).toMatchObject({
      realised: 1n,
      networkFeesValue: 200_000n,
      selfSustaining: false,
    });
  });

  test("realised and unrealised are exactly the fund's gain, whatever was traded", () => {
    const anySwap = fc.record({
      buy: fc.boolean(),
      share: fc.bigInt(1n, 99n),
      price: fc.bigInt(1_000n, 10n ** 6n),
    });
    fc.assert(
      fc.property(fc.array(anySwap, { maxLength: 20 }), fc.bigInt(1n, 10n ** 6n), (plan, price) => {
        let fund = { hbar: opening.hbar + 7n, tokens: opening.tokens };
        const start = { ...fund, price: opening.price };
        const swaps: ExecutedSwap[] = [];
        for (const { buy, share, price: at } of plan) {
          const hbar = buy ? (fund.tokens * share * HBAR) / (100n * at) : (fund.hbar * share) / 100n;
          const tokens = hbarValue(hbar, at);
          if (hbar === 0n || tokens === 0n) continue;
          const sign = buy ? 1n : -1n;
          fund = { hbar: fund.hbar + sign * hbar, tokens: fund.tokens - sign * tokens };
          swaps.push({ at: BigInt(swaps.length), side: buy ? "buy" : "sell", hbar, tokens, price: at });
        }
        const profit = profitOf({ opening: start, swaps, networkFees, price, feeBps: 30n });
        const gain =
          fund.tokens + hbarValue(fund.hbar, price) - (start.tokens + hbarValue(start.hbar, start.price));
        expect(profit.inventory).toEqual(fund);
        expect(profit.realised + profit.unrealised).toBe(gain);
      }),
    );
  });

  test("counts as won the sales that brought more than their cost", () => {
    const swaps = [
      swap(1n, "sell", 1n, 200_001n),
      swap(2n, "sell", 1n, 200_000n),
      swap(3n, "sell", 1n, 199_999n),
    ];
    expect(profitOf({ opening, swaps, networkFees, price: 200_000n, feeBps: 0n })).toMatchObject({
      sales: 3,
      wins: 1,
    });
  });

  test("takes a gift for no profit, at its price of the day, and a gift that leaves again for no loss", () => {
    const gift = { at: 1n, hbar: 5n * HBAR, tokens: 1_000_000n, price: 220_000n };
    const back = { at: 2n, hbar: -5n * HBAR, tokens: -1_000_000n, price: 220_000n };
    const common = { opening, swaps: [], networkFees: 0n, price: 220_000n, feeBps: 0n };
    const given = profitOf({ ...common, deposits: [gift] });
    expect(given).toMatchObject({ realised: 0n, unrealised: 200_000n, trading: 0n, untouched: 200_000n });
    expect(given.inventory).toEqual({ hbar: 15n * HBAR, tokens: 11_000_000n });
    const gone = profitOf({ ...common, deposits: [gift, back] });
    expect(gone.inventory).toEqual({ hbar: opening.hbar, tokens: opening.tokens });
    expect(gone.realised).toBe(0n);
  });

  test.each([
    ["sells more than there is", [swap(1n, "sell", 11n, 1n)]],
    ["pays more than there is", [swap(1n, "buy", 1n, 10_000_001n)]],
    ["moves no HBAR", [swap(1n, "buy", 0n, 1n)]],
    ["moves no tokens", [swap(1n, "sell", 1n, 0n)]],
    ["goes back in time", [swap(2n, "buy", 1n, 1n), swap(1n, "sell", 1n, 1n)]],
    ["happens at the same time", [swap(2n, "buy", 1n, 1n), swap(2n, "sell", 1n, 1n)]],
  ])("refuses a swap that %s", (_, swaps) => {
    expect(() => profitOf({ opening, swaps, networkFees, price: 1n, feeBps: 0n })).toThrow(
      expect.objectContaining({ code: "PROFIT_SWAP_INVALID" }),
    );
  });

  test("the venue's fee is part of what enters the pool", () => {
    expect(venueFee({ side: "buy", tokens: 1_000_000n }, 30n)).toBe(3_000n);
    expect(venueFee({ side: "sell", tokens: 997_000n }, 30n)).toBe(3_000n);
    expect(venueFee({ side: "sell", tokens: 1n }, 0n)).toBe(0n);
  });
});
