import { expect, test } from "bun:test";
import { parseDurationMs } from "./duration.ts";

test.each([
  ["0ms", 0],
  ["500ms", 500],
  ["2s", 2_000],
  ["3m", 180_000],
])("%s is %p milliseconds", (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test.each(["", "2", "s", "-1s", "1.5s", "2 s", "2h", "9999999999s"])("%p is refused", (text) => {
  expect(() => parseDurationMs(text)).toThrow(expect.objectContaining({ code: "DURATION_INVALID" }));
});
