import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { forecastOf, isSameForecast, scoreOf, skillOf, tallied, tallyName } from "./score.ts";

const said = {
  engine: "embedded",
  model: "ewma-t5",
  version: "1",
  as_of: 1_699_999_200,
  horizon_hours: 6,
  last_micro_usd: "200000",
  q10_micro_usd: "198000",
  q50_micro_usd: "200000",
  q90_micro_usd: "202000",
  walk_q10_micro_usd: "197000",
  walk_q90_micro_usd: "203000",
};
const forecast = forecastOf(said);
if (forecast === null) throw new Error("that is a forecast");
/** A rate of so many micro-USD a HBAR. */
const rateOf = (microUsd: bigint) => ({ centEquivalent: microUsd, hbarEquivalent: 10_000n });

describe("an output", () => {
  test("is a forecast of the hour at its horizon's end", () => {
    expect(forecast).toMatchObject({ hour: 1_700_020_800, horizonHours: 6, q10: 198_000n, results: 1 });
  });

  test.each<[string, Record<string, unknown>]>([
    ["without a quantile", { q10_micro_usd: undefined }],
    ["with crossed quantiles", { q10_micro_usd: "200001" }],
    ["with crossed upper quantiles", { q90_micro_usd: "199999" }],
    ["from a price of nothing", { last_micro_usd: "0" }],
    ["as of no full hour", { as_of: 1_699_999_201 }],
    ["of a horizon beyond a week", { horizon_hours: 169 }],
    ["by a model with a name too long", { model: "x".repeat(33) }],
  ])("%s is none to be scored", (_, changes) => {
    expect(forecastOf({ ...said, ...changes })).toBeNull();
  });

  test("is the same forecast as another that says the same, and not as one that doesn't", () => {
    const other = (changes: object) => forecastOf({ ...said, ...changes }) ?? forecast;
    expect(isSameForecast(forecast, { ...other({}), results: 9 })).toBe(true);
    for (const changes of [{ q90_micro_usd: "202001" }, { horizon_hours: 7 }, { version: "2" }]) {
      expect(isSameForecast(forecast, other(changes))).toBe(false);
    }
  });
});

describe("a score", () => {
  // In the middle: (0.1 x 2,000 + 0.5 x 0 + 0.1 x 2,000) / 3 / 200,000, and so on.
  test.each([
    [200_000n, { pinball: 666_667n, randomWalk: 1_000_000n, covered: true, walkCovered: true }],
    [202_000n, { pinball: 2_333_333n, randomWalk: 2_666_667n, covered: true, walkCovered: true }],
    [202_001n, { pinball: 2_335_833n, randomWalk: 2_667_500n, covered: false, walkCovered: true }],
    [190_000n, { pinball: 22_333_333n, randomWalk: 21_000_000n, covered: false, walkCovered: false }],
  ])("at %p micro-USD is as worked out by hand", (price, expected) => {
    expect(scoreOf(forecast, rateOf(price))).toEqual(expected);
  });

  test("is never negative, nor beyond a thousand times the price, whatever the rate", () => {
    const whole = fc.bigInt({ min: 1n, max: 2n ** 31n });
    fc.assert(
      fc.property(whole, whole, (centEquivalent, hbarEquivalent) => {
        const { pinball, randomWalk } = scoreOf(forecast, { centEquivalent, hbarEquivalent });
        for (const loss of [pinball, randomWalk]) {
          expect(loss >= 0n && loss <= 1_000_000_000_000n).toBe(true);
        }
      }),
    );
  });
});

test("scores add up to skill and calibration, and no skill shows as none", () => {
  const prices = [200_000n, 202_000n, 210_000n, 202_500n];
  const tally = prices.reduce<ReturnType<typeof tallied> | undefined>(
    (sum, price) => tallied(sum, forecast, scoreOf(forecast, rateOf(price))),
    undefined,
  );
  if (tally === undefined) throw new Error("there are scores");
  const losses = prices.map((price) => scoreOf(forecast, rateOf(price)));
  const model = losses.reduce((sum, { pinball }) => sum + Number(pinball), 0);
  const walk = losses.reduce((sum, { randomWalk }) => sum + Number(randomWalk), 0);
  expect(skillOf(tally)).toEqual({
    count: 4,
    skill: 1 - model / walk,
    pinballBps: model / 4 / 100_000,
    randomWalkBps: walk / 4 / 100_000,
    coverage: 0.5,
    walkCoverage: 0.75,
  });
  expect(skillOf({ ...tally, pinball: tally.randomWalk }).skill).toBe(0);
  expect(skillOf({ ...tally, randomWalk: 0n }).skill).toBeNull();
  expect(tallyName(forecast)).toBe("embedded/ewma-t5/1 6h");
});
