import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { forecast, modelWidth, randomWalkWidth, walkForward } from "./forecast.ts";
import { logReturns, rateSeries } from "./rate-series.ts";
import { flatRates, syntheticRates } from "./synthetic.fixture.ts";

const week = rateSeries(syntheticRates(168));
const calm = Array.from({ length: 150 }, (_, i) => (i % 2 === 0 ? 0.002 : -0.002));
const storm = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 0.02 : -0.02));

describe("a forecast", () => {
  test("has its median at the last price and its quantiles around it, never crossed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 72, max: 168 }),
        fc.integer({ min: 1, max: 24 }),
        fc.nat(),
        (hours, h, seed) => {
          const { last, quantiles } = forecast(rateSeries(syntheticRates(hours, seed + 1)), h);
          expect(quantiles.q50).toBe(last);
          expect(quantiles.q10 < last && last < quantiles.q90).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("widens with its horizon", () => {
    const widths = [1, 6, 24].map((hours) => {
      const { q10, q90 } = forecast(week, hours).quantiles;
      return q90 - q10;
    });
    expect(widths).toEqual([...widths].sort((a, b) => Number(a - b)));
  });

  test("widens after a storm more than the random walk does, and forgets it with the horizon", () => {
    const ratio = (hours: number) =>
      modelWidth([...calm, ...storm], hours) / randomWalkWidth([...calm, ...storm], hours);
    expect(ratio(1)).toBeGreaterThan(1.2);
    expect(ratio(24)).toBeLessThan(ratio(1));
    expect(modelWidth([...storm, ...calm], 1)).toBeLessThan(modelWidth([...calm, ...storm], 1));
  });

  test("has the widths of the formula, by hand, for returns of one size", () => {
    const even = calm.map((r) => Math.sign(r) * 0.01);
    expect(modelWidth(even, 4)).toBeCloseTo(1.1432149 * 0.02, 10);
    expect(randomWalkWidth(even, 4)).toBeCloseTo(1.2815516 * 0.02, 10);
  });

  test("judges itself on every hour of the last third, once", () => {
    const { trainedOn, heldBack, randomWalk } = forecast(week, 6);
    expect([trainedOn, heldBack.count, randomWalk.count]).toEqual([112, 56, 56]);
    expect(heldBack.coverage80).toBeGreaterThan(0.5);
    expect(heldBack.pinball).toBeGreaterThan(0);
  });

  test("has no error, no width and no skill to show on a price that never moves", () => {
    const { last, quantiles, heldBack, randomWalk } = forecast(rateSeries(flatRates(72)), 3);
    expect(quantiles).toEqual({ q10: last, q50: last, q90: last });
    expect([heldBack.pinball, randomWalk.pinball, heldBack.coverage80]).toEqual([0, 0, 1]);
  });

  test.each([
    [168, 0],
    [168, 25],
    [168, 1.5],
    [169, 1],
    [36, 1],
    [71, 24],
  ])("from %d hours at a horizon of %d is refused", (hours, horizon) => {
    expect(() => forecast(rateSeries(syntheticRates(hours)), horizon)).toThrow(
      expect.objectContaining({ code: "FORECAST_IMPOSSIBLE" }),
    );
  });

  test("is possible from 38 hours on", () => {
    expect(forecast(rateSeries(syntheticRates(38)), 1).heldBack.count).toBe(13);
  });
});

describe("walking forward", () => {
  const walk = { horizonHours: 5, windowHours: 100, width: modelWidth };

  test("never looks at what it forecasts: a changed future changes no forecast", () => {
    const rates = syntheticRates(168);
    const before = walkForward(rateSeries(rates), { ...walk, from: 120 });
    const shocked = rates.map((rate, hour) =>
      hour >= 140 ? { ...rate, centEquivalent: rate.centEquivalent * 3 } : rate,
    );
    const after = walkForward(rateSeries(shocked), { ...walk, from: 120 });
    // Hour 144 is the last one that is forecast from hour 139.
    for (let hour = 120; hour <= 144; hour += 1) {
      expect(after[hour - 120]?.forecast).toEqual(before[hour - 120]?.forecast);
    }
    expect(after[145 - 120]?.forecast).not.toEqual(before[145 - 120]?.forecast);
  });

  test("gives the same forecast as the live one does at that hour", () => {
    const [outcome] = walkForward(week, { ...walk, windowHours: 168, from: 150 });
    const live = forecast(rateSeries(week.slice(0, 146)), 5);
    expect(outcome?.forecast).toEqual(live.quantiles);
    expect(outcome?.last).toBe(live.last);
  });

  test("looks back no further than its window", () => {
    const widths: number[] = [];
    const width = (returns: readonly number[]) => {
      widths.push(returns.length);
      return 0.01;
    };
    walkForward(week, { ...walk, width, from: 90 });
    expect(widths[0]).toBe(85);
    expect(Math.max(...widths)).toBe(99);
    expect(logReturns(week)).toHaveLength(167);
  });

  test("refuses to start where too little is known", () => {
    expect(() => walkForward(week, { ...walk, from: 28 })).toThrow(
      expect.objectContaining({ code: "FORECAST_IMPOSSIBLE" }),
    );
    expect(() => walkForward(week, { ...walk, from: 3 })).toThrow(
      expect.objectContaining({ code: "FORECAST_IMPOSSIBLE" }),
    );
    expect(walkForward(week, { ...walk, from: 29 })).toHaveLength(139);
  });
});
