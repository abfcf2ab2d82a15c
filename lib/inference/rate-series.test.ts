import { describe, expect, test } from "bun:test";
import { lastRate, logReturns, prices, rateSeries, seriesHash } from "./rate-series.ts";
import { syntheticRates } from "./synthetic.fixture.ts";

const HOUR = 3_600;
const at = (hourStart: number, centEquivalent = 724_333) => ({
  hourStart,
  centEquivalent,
  hbarEquivalent: 30_000,
});

describe("a series of rates", () => {
  const series = rateSeries([at(0), at(HOUR, 724_168), at(2 * HOUR, 724_168)]);

  test("has prices, returns and a last rate", () => {
    expect(prices(series)).toEqual([241_444n, 241_389n, 241_389n]);
    expect(logReturns(series)[0]).toBeCloseTo(Math.log(724_168 / 724_333), 14);
    expect(logReturns(series)[1]).toBe(0);
    expect(lastRate(series).hourStart).toBe(2 * HOUR);
  });

  test("has the hash of its canonical text, as any sha256sum gives it", () => {
    // printf '0,724333,30000\n3600,724168,30000\n7200,724168,30000\n' | sha256sum
    expect(seriesHash(series)).toBe("1b892ac59fb6f88056ae1b248e89daee9c6b7d5029585167bcb3a42ec99f24c2");
  });

  test("has another hash after any change", () => {
    const rates = syntheticRates(30);
    const hashes = [
      rates,
      rates.slice(1),
      rates.slice(0, -1),
      rates.map((rate, index) => (index === 7 ? { ...rate, centEquivalent: rate.centEquivalent + 1 } : rate)),
      rates.map((rate) => ({ ...rate, hbarEquivalent: 29_999 })),
    ].map((some) => seriesHash(rateSeries(some)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test.each([
    ["a gap", [at(0), at(2 * HOUR)], "rate 1"],
    ["an hour twice", [at(0), at(HOUR), at(HOUR)], "rate 2"],
    ["hours backwards", [at(HOUR), at(0)], "rate 1"],
    ["a broken hour", [at(1), at(HOUR + 1)], "rate 0"],
    ["no price", [at(0), at(HOUR, 0)], "rate 1"],
    ["a negative price", [at(0, -1), at(HOUR)], "rate 0"],
    ["a fraction of a cent", [at(0), at(HOUR, 1.5)], "rate 1"],
    ["no second rate", [at(0)], "1 rates is too short"],
    ["nothing", [], "0 rates is too short"],
  ])("with %s is refused, and the first fault named", (_, rates, where) => {
    expect(() => rateSeries(rates)).toThrow(
      expect.objectContaining({ code: "RATE_SERIES_INVALID", message: expect.stringContaining(where) }),
    );
  });
});
