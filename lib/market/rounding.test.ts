import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  divideCeil,
  divideFloor,
  divideHalfEven,
  larger,
  magnitude,
  smaller,
  squareRootFloor,
} from "./rounding.ts";

describe("division of integers", () => {
  test("rounds down, up and to the even neighbour, on both sides of zero", () => {
    expect([7n, -7n, 6n].map((n) => divideFloor(n, 2n))).toEqual([3n, -4n, 3n]);
    expect([7n, -7n, 6n].map((n) => divideCeil(n, 2n))).toEqual([4n, -3n, 3n]);
    expect([1n, 3n, 5n, -1n, -3n].map((n) => divideHalfEven(n, 2n))).toEqual([0n, 2n, 2n, 0n, -2n]);
    expect([2n, 4n, -2n].map((n) => divideHalfEven(n, 3n))).toEqual([1n, 1n, -1n]);
  });

  test("is never off by as much as one, and to the nearest never by more than a half", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (n, d) => {
        const [floor, ceil, even] = [divideFloor(n, d) * d, divideCeil(n, d) * d, divideHalfEven(n, d) * d];
        expect(floor <= n && n - floor < d).toBe(true);
        expect(ceil >= n && ceil - n < d).toBe(true);
        expect(2n * magnitude(n - even) <= d).toBe(true);
      }),
    );
  });

  test("refuses a divisor that isn't positive", () => {
    for (const divide of [divideFloor, divideCeil, divideHalfEven]) {
      expect(() => divide(1n, 0n)).toThrow(expect.objectContaining({ code: "DIVISOR_INVALID" }));
      expect(() => divide(1n, -2n)).toThrow(expect.objectContaining({ code: "DIVISOR_INVALID" }));
    }
  });
});

test("smaller and larger choose, magnitude drops the sign", () => {
  expect([smaller(1n, -2n), larger(1n, -2n), magnitude(-2n), magnitude(2n)]).toEqual([-2n, 1n, 2n, 2n]);
});

test("a square root is the whole number whose square is just not above", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 40n), (value) => {
      const root = squareRootFloor(value);
      expect(root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true);
    }),
  );
  expect(() => squareRootFloor(-1n)).toThrow(expect.objectContaining({ code: "ROOT_INVALID" }));
});
