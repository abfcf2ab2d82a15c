import { describe, expect, test } from "bun:test";
import { rateSeries } from "./rate-series.ts";
import { flatRates, syntheticRates } from "./synthetic.fixture.ts";
import { EWMA_LAMBDA, varianceOf, volatilityOf, volatilityOfReturns } from "./volatility.ts";

describe("volatility", () => {
  test("of equal moves is their size, and a year's is the square root of 8,760 hours' worth", () => {
    const { hourlyPlain, hourlyEwma, annualPlain } = volatilityOfReturns([0.01, -0.01, 0.01, -0.01]);
    expect(hourlyPlain).toBeCloseTo(0.01, 14);
    expect(hourlyEwma).toBeCloseTo(0.01, 14);
    expect(annualPlain).toBeCloseTo(0.01 * Math.sqrt(8_760), 12);
  });

  test("of the moving average is the recursion, by hand", () => {
    const [a, b] = [0.02, 0.01];
    const plain = (a * a + b * b) / 2;
    const after = EWMA_LAMBDA * (EWMA_LAMBDA * plain + (1 - EWMA_LAMBDA) * a * a) + (1 - EWMA_LAMBDA) * b * b;
    expect(varianceOf([a, b]).ewma).toBeCloseTo(after, 16);
    expect(varianceOf([a, b]).plain).toBeCloseTo(plain, 16);
  });

  test("feels a shock now more than the same shock a week ago", () => {
    const calm = Array.from({ length: 167 }, () => 0.001);
    const recent = varianceOf([...calm, 0.05]);
    const old = varianceOf([0.05, ...calm]);
    expect(recent.plain).toBeCloseTo(old.plain, 15);
    expect(recent.ewma).toBeGreaterThan(10 * old.ewma);
  });

  test("of a price that never moves is zero", () => {
    expect(volatilityOf(rateSeries(flatRates(30)))).toEqual({
      hourlyEwma: 0,
      annualEwma: 0,
      hourlyPlain: 0,
      annualPlain: 0,
    });
  });

  test("of steps spread evenly up to one percent is a percent over the root of three", () => {
    const { hourlyPlain } = volatilityOf(rateSeries(syntheticRates(5_000)));
    expect(hourlyPlain).toBeGreaterThan(0.0056);
    expect(hourlyPlain).toBeLessThan(0.006);
  });
});
