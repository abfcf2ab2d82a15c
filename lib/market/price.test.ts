import { describe, expect, test } from "bun:test";
import { deviationBps, hbarValue, ppmOf, priceOfRate, priceOfSwap, tinybarsFor } from "./price.ts";

const HBAR = 100_000_000n;

describe("prices", () => {
  test("a rate of 724,333 cents for 30,000 HBAR is 241,444 micro-USD a HBAR", () => {
    expect(priceOfRate(724_333, 30_000)).toBe(241_444n);
    expect(priceOfRate(12, 1)).toBe(120_000n);
  });

  test("a half goes to the even neighbour", () => {
    expect(priceOfRate(1, 20_000)).toBe(0n);
    expect(priceOfRate(3, 20_000)).toBe(2n);
  });

  test.each([
    [0, 1],
    [1, 0],
    [-1, 1],
    [1.5, 1],
    [1, Number.NaN],
    [2 ** 53, 1],
  ])("%p cents for %p HBAR is refused", (cents, hbar) => {
    expect(() => priceOfRate(cents, hbar)).toThrow(expect.objectContaining({ code: "RATE_INVALID" }));
  });

  test("amounts are valued down, losses too", () => {
    expect(hbarValue(HBAR, 241_444n)).toBe(241_444n);
    expect(hbarValue(1n, 241_444n)).toBe(0n);
    expect(hbarValue(-1n, 241_444n)).toBe(-1n);
    expect(tinybarsFor(241_444n, 241_444n)).toBe(HBAR);
    expect(tinybarsFor(1n, 241_444n)).toBe(414n);
    expect(priceOfSwap(2n * HBAR, 500_000n)).toBe(250_000n);
  });

  test("a deviation counts both ways and rounds up", () => {
    expect(deviationBps(HBAR, 250_000n, 250_000n)).toBe(0n);
    expect(deviationBps(HBAR, 252_500n, 250_000n)).toBe(100n);
    expect(deviationBps(HBAR, 247_500n, 250_000n)).toBe(100n);
    expect(deviationBps(HBAR, 250_001n, 250_000n)).toBe(1n);
  });

  test("a fraction becomes whole millionths", () => {
    expect([0, 0.3, 0.484739, 12.5].map(ppmOf)).toEqual([0n, 300_000n, 484_739n, 12_500_000n]);
    for (const wrong of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => ppmOf(wrong)).toThrow(expect.objectContaining({ code: "FRACTION_INVALID" }));
    }
  });
});
