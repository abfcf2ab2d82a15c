import { describe, expect, test } from "bun:test";
import { addSeconds, type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import { fixedRate, hourOf } from "./fixed.ts";
import { generatedRate } from "./generated.ts";

const NOW: Timestamp = timestampOf(1_795_000_000n);
const hoursBefore = (hours: number) => addSeconds(NOW, -3_600 * hours);

/** The cents of each of the `count` hours before now. */
function history(seed: string | undefined, count: number): number[] {
  const rate = seed === undefined ? generatedRate() : generatedRate(seed);
  return Array.from({ length: count }, (_, hour) => rate(hoursBefore(hour)).centEquivalent);
}

describe("the generated rate", () => {
  test("is a function of seed and hour, whatever was asked for before", () => {
    const backwards = history(undefined, 1_200);
    const rate = generatedRate();
    const forwards = backwards.map((_, hour) => rate(hoursBefore(1_199 - hour)).centEquivalent).reverse();
    expect(forwards).toEqual(backwards);
    expect(rate(hoursBefore(1_000)).centEquivalent).toBe(generatedRate()(hoursBefore(1_000)).centEquivalent);
  });

  test("never changes from one release to the next", () => {
    expect(history(undefined, 3)).toEqual([520_613, 519_384, 516_979]);
  });

  test("is another one for another seed", () => {
    expect(history("other", 5)).not.toEqual(history(undefined, 5));
  });

  test("holds for an hour and says until when", () => {
    const rate = generatedRate();
    const start = hourOf(NOW) * 3_600n;
    const [first, last, next] = [start, start + 3_599n, start + 3_600n].map((seconds) =>
      rate(timestampOf(seconds)),
    );
    expect(last).toEqual(first ?? fixedRate(0, 0)(NOW));
    expect(first).toMatchObject({ hbarEquivalent: 30_000, expirationSeconds: Number(start) + 3_600 });
    expect(next?.expirationSeconds).toBe(Number(start) + 7_200);
    expect(next?.centEquivalent).not.toBe(last?.centEquivalent);
  });

  test("stays around 20 cents and moves by about 1% an hour, for more than a year back", () => {
    const cents = history(undefined, 400 * 24).map((equivalent) => equivalent / 30_000);
    const mean = cents.reduce((sum, value) => sum + value, 0) / cents.length;
    const moves = cents.slice(1).map((value, i) => Math.log(value / (cents[i] ?? Number.NaN)) ** 2);
    const volatility = Math.sqrt(moves.reduce((sum, value) => sum + value, 0) / moves.length);
    expect(mean).toBeWithin(18, 22);
    expect(Math.min(...cents)).toBeGreaterThan(12);
    expect(Math.max(...cents)).toBeLessThan(34);
    expect(volatility).toBeWithin(0.009, 0.011);
  });

  test("has no jump where its spans meet", () => {
    const rate = generatedRate();
    const moves = Array.from({ length: 40 }, (_, span) => {
      const boundary = (hourOf(NOW) / 512n - BigInt(span)) * 512n;
      const [before, after] = [boundary - 1n, boundary].map(
        (hour) => rate(timestampOf(hour * 3_600n)).centEquivalent,
      );
      return Math.abs(Math.log((after ?? 0) / (before ?? 0)));
    });
    expect(Math.max(...moves)).toBeLessThan(0.04);
  });
});

test("a fixed rate is the same at every time, for the hour it is asked for", () => {
  const rate = fixedRate(1, 12);
  expect(rate(timestampOf(7_200n))).toEqual({
    hbarEquivalent: 1,
    centEquivalent: 12,
    expirationSeconds: 10_800,
  });
  expect(rate(timestampOf(10_799n))).toEqual(rate(timestampOf(7_200n)));
});
