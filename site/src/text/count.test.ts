import { expect, test } from "bun:test";
import { formatCount, plural, words } from "./count.ts";

test("a number of things agrees with its noun", () => {
  expect(plural(1, "task")).toBe("1 task");
  expect(plural(0, "task")).toBe("0 tasks");
  expect(plural(12_408, "entry", "entries")).toBe("12,408 entries");
});

test("a number has its thousands apart", () => {
  expect([0, 999, 1_000, 12_408, 1_234_567].map(formatCount)).toEqual([
    "0",
    "999",
    "1,000",
    "12,408",
    "1,234,567",
  ]);
});

test("a name is read as words", () => {
  expect(words("risk_check_denied")).toBe("risk check denied");
});
