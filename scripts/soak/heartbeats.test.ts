import { expect, test } from "bun:test";
import { timestampOf } from "../../lib/hedera/timestamp.ts";
import { rhythmOf } from "./heartbeats.ts";

const at = (...seconds: readonly number[]) => seconds.map((second) => timestampOf(second));
const rhythm = (seconds: readonly number[], until: number) =>
  rhythmOf(at(...seconds), 5, timestampOf(0), timestampOf(until));

test("a heartbeat in every interval misses none", () => {
  expect(rhythm([1, 6, 11, 16], 20)).toEqual({ heartbeats: 4, missed: 0, late: 0, longestGapSeconds: 5 });
});

test("one left out is one missed, and the one after it is late", () => {
  expect(rhythm([1, 6, 16], 20)).toEqual({ heartbeats: 3, missed: 1, late: 1, longestGapSeconds: 10 });
});

test("silence at the end and from the start counts", () => {
  expect(rhythm([1, 6], 30)).toMatchObject({ missed: 4, late: 0, longestGapSeconds: 24 });
  expect(rhythm([], 20)).toMatchObject({ heartbeats: 0, missed: 3, longestGapSeconds: 20 });
});

test("what came before and after the look does not count", () => {
  expect(rhythm([-3, 4, 9, 25], 10).heartbeats).toBe(2);
});
