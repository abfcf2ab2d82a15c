import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { evaluate, forecastLoss, isCovered, type Outcome, pinballLoss, skill } from "./evaluate.ts";

const outcome = (realised: bigint): Outcome => ({
  forecast: { q10: 90_000n, q50: 100_000n, q90: 110_000n },
  last: 100_000n,
  realised,
});

describe("pinball loss", () => {
  test("weighs an error by its side", () => {
    expect(pinballLoss(0.9, 100n, 110n)).toBeCloseTo(9, 12);
    expect(pinballLoss(0.9, 100n, 90n)).toBeCloseTo(1, 12);
    expect(pinballLoss(0.1, 100n, 110n)).toBeCloseTo(1, 12);
    expect(pinballLoss(0.5, 100n, 100n)).toBe(0);
  });

  test("is least at the quantile of what happens", () => {
    const happened = Array.from({ length: 100 }, (_, i) => BigInt(i + 1));
    const lossAt = (q: bigint) => happened.reduce((sum, y) => sum + pinballLoss(0.9, q, y), 0);
    for (const other of [1n, 50n, 85n, 96n, 100n]) expect(lossAt(90n)).toBeLessThan(lossAt(other));
  });

  test("is never negative", () => {
    const price = fc.bigInt(1n, 10n ** 9n);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), price, price, (probability, q, y) => {
        expect(pinballLoss(probability, q, y)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("an evaluation", () => {
  test("of one forecast, by hand, in basis points of where it started", () => {
    // At 120,000: (0.1 x 30,000 + 0.5 x 20,000 + 0.9 x 10,000) / 3 = 7,333.3 micro-USD of 100,000.
    expect(forecastLoss(outcome(120_000n))).toBeCloseTo(733.33333, 4);
    expect(forecastLoss(outcome(100_000n))).toBeCloseTo(66.66667, 4);
  });

  test("counts the ends of the interval in", () => {
    expect([89_999n, 90_000n, 110_000n, 110_001n].map((y) => isCovered(outcome(y)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test("is the mean of all", () => {
    const { count, coverage80, mape, pinball } = evaluate([outcome(120_000n), outcome(100_000n)]);
    expect(count).toBe(2);
    expect(coverage80).toBe(0.5);
    expect(mape).toBeCloseTo(100 * (20 / 120 / 2), 10);
    expect(pinball).toBeCloseTo((733.33333 + 66.66667) / 2, 4);
  });

  test("of nothing is refused, not perfect", () => {
    expect(() => evaluate([])).toThrow(expect.objectContaining({ code: "NUMBER_INVALID" }));
  });
});

test("skill is one for perfect, zero for no better, negative for worse, and zero where nothing could be won", () => {
  expect([skill(0, 10), skill(10, 10), skill(20, 10), skill(0, 0)]).toEqual([1, 0, -1, 0]);
});
