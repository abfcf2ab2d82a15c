import { expect, test } from "bun:test";
import { growthOf } from "./growth.ts";

test("compares the last tenth with the second one, as the first is warming up", () => {
  const readings = [
    10, 50, 100, 100, 105, 110, 110, 115, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 110, 110,
  ];
  expect(growthOf(readings)).toEqual({ early: 100, late: 110, highest: 120, growth: 0.1 });
});

test("says nothing of a few readings", () => {
  expect(growthOf([1, 2, 3])).toBeNull();
});
