import { describe, expect, test } from "bun:test";
import { parseTimestamp } from "../../../lib/hedera/timestamp.ts";
import { formatAge, formatClock, formatMillis, formatSeconds, formatUtc } from "./time.ts";

const TIME = parseTimestamp("1763714520.000000001");

describe("a length of time", () => {
  test("is said in its two largest units", () => {
    expect([0, 59, 60, 192, 3_600, 7_500, 86_400, 273_600].map(formatSeconds)).toEqual([
      "0 s",
      "59 s",
      "1 min",
      "3 min 12 s",
      "1 h",
      "2 h 5 min",
      "1 d",
      "3 d 4 h",
    ]);
  });

  test("of work is said in milliseconds while it is short", () => {
    expect([340, 1_290, 60_000].map(formatMillis)).toEqual(["340 ms", "1.2 s", "1 min"]);
  });
});

describe("an age", () => {
  test("is how long ago", () => {
    expect(formatAge(TIME, TIME + 3_999_999_999n)).toBe("3 s ago");
  });

  test("is never negative, even where the viewer's clock is behind", () => {
    expect(formatAge(TIME, TIME - 5_000_000_000n)).toBe("0 s ago");
  });
});

test("a consensus time is shown to the nanosecond in UTC, and by the viewer's clock", () => {
  expect(formatUtc(TIME)).toBe("2025-11-21T08:42:00.000000001Z");
  const zone = process.env.TZ;
  process.env.TZ = "Asia/Tokyo";
  expect(formatClock(TIME)).toBe("17:42:00");
  process.env.TZ = "UTC";
  expect(formatClock(TIME)).toBe("08:42:00");
  process.env.TZ = zone ?? "";
});
