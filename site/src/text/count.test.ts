import { expect, test } from "bun:test";
import { plural, words } from "./count.ts";

test("a number of things agrees with its noun", () => {
  expect(plural(1, "task")).toBe("1 task");
  expect(plural(0, "task")).toBe("0 tasks");
  expect(plural(12_408, "entry", "entries")).toBe("12,408 entries");
});

test("a name is read as words", () => {
  expect(words("risk_check_denied")).toBe("risk check denied");
});
