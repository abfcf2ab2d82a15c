import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { differences, exp, ln, mean, rounded } from "./exact-math.ts";

describe("logarithm and exponential", () => {
  test("are exact where the answer is", () => {
    expect(ln(1)).toBe(0);
    expect(exp(0)).toBe(1);
    expect(ln(2)).toBe(Math.LN2);
    expect(ln(0.25)).toBe(-2 * Math.LN2);
  });

  test("agree with the engine's own to thirteen digits", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(Math.abs(Math.log(x)) * 1e-13 + 1e-18);
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-13);
      }),
    );
  });

  // The same bits came from CPython's doubles with the same operations.
  test("have these very bits", () => {
    const bits = (x: number) => new DataView(new Float64Array([x]).buffer).getBigUint64(0, true).toString(16);
    expect([ln(0.2414), ln(1.01), exp(-0.0123), exp(3.7)].map(bits)).toEqual([
      "bff6bda509a5319d",
      "3f8460d6ccca367d",
      "3fef9bdb0562bf4c",
      "4044394144eeec80",
    ]);
  });

  test("refuse what has none", () => {
    for (const x of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => ln(x)).toThrow(expect.objectContaining({ code: "NUMBER_INVALID" }));
    }
    for (const x of [701, -701, Number.NaN]) {
      expect(() => exp(x)).toThrow(expect.objectContaining({ code: "NUMBER_INVALID" }));
    }
  });
});

describe("a published statistic", () => {
  test("keeps six significant digits and no negative zero", () => {
    expect([1.23456789, 123_456_789, 0.000123456789, -2.5, 0].map(rounded)).toEqual([
      1.23457, 123_457_000, 0.000123457, -2.5, 0,
    ]);
    expect(Object.is(rounded(-0), 0)).toBe(true);
  });

  test("must be finite", () => {
    for (const x of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => rounded(x)).toThrow(expect.objectContaining({ code: "NUMBER_INVALID" }));
    }
  });
});

test("a mean needs values, and differences need two", () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(() => mean([])).toThrow(expect.objectContaining({ code: "NUMBER_INVALID" }));
  expect(differences([1, 4, 2])).toEqual([3, -2]);
  expect([differences([]), differences([1])]).toEqual([[], []]);
});
