import { expect, test } from "bun:test";
import { placeIn, rangeOf } from "./chart.ts";

test("a range holds all values, and a tenth around them", () => {
  expect(rangeOf([30n, 10n, 110n])).toEqual({ from: 0n, to: 120n });
  expect(rangeOf([5n])).toEqual({ from: 4n, to: 6n });
  expect(rangeOf([])).toBeNull();
});

test("a value has its place on the line, however large it is", () => {
  const range = { from: 10n ** 18n, to: 10n ** 18n + 200n };
  expect(placeIn(range, 10n ** 18n + 50n, 400)).toBe(100);
  expect(placeIn({ from: 3n, to: 3n }, 3n, 400)).toBe(200);
});
