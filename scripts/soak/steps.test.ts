import { expect, test } from "bun:test";
import { stepsOf } from "./steps.ts";

/** A look every minute at one process, with its memory. */
function looksAt(readings: readonly number[]) {
  return readings.map((rssMb, index) => ({
    seconds: (index + 1) * 60,
    processes: { desk: { rssMb, fds: 12 } },
  }));
}

test("memory is told in steps of ten minutes, its lowest and its median", () => {
  const sawtooth = [100, 110, 120, 130, 140, 100, 110, 120, 130, 140];
  const later = sawtooth.map((one) => one + 5);
  expect(stepsOf(looksAt([...sawtooth, ...later]))).toEqual([
    { minute: 10, rss_mb: { desk: { lowest: 100, median: 120 } } },
    { minute: 20, rss_mb: { desk: { lowest: 105, median: 125 } } },
  ]);
});

test("a last step that was cut short says when it ended", () => {
  expect(stepsOf(looksAt(Array.from({ length: 12 }, () => 100))).at(-1)).toEqual({
    minute: 12,
    rss_mb: { desk: { lowest: 100, median: 100 } },
  });
});
