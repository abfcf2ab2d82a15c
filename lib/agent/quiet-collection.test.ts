import { expect, test } from "bun:test";
import { EMPTY_STATE } from "../festival/state.ts";
import { addSeconds, timestampOf } from "../hedera/timestamp.ts";
import { systemClock } from "../mirror/clock.ts";
import { QuietCollection } from "./quiet-collection.ts";

/** One whose time stands still until it is moved. */
function setUp() {
  let now = timestampOf(1_700_000_000n);
  let collected = 0;
  const collection = new QuietCollection({ ...systemClock, now: () => now }, () => {
    collected += 1;
  });
  return {
    /** What a pass some seconds later makes the total of collections. */
    pass(seconds: number, commits: number, caughtUp = true): number {
      now = addSeconds(now, seconds);
      collection.update({ state: { ...EMPTY_STATE, commits }, caughtUp });
      return collected;
    },
  };
}

test("garbage is collected when an edition is over, and not within one", () => {
  const { pass } = setUp();
  expect(pass(0, 7)).toBe(0);
  expect(pass(100, 7)).toBe(0);
  expect(pass(1, 8)).toBe(1);
  expect(pass(100, 8)).toBe(1);
  expect(pass(1, 9)).toBe(2);
});

test("editions that follow each other fast are no reason to collect more than once a minute", () => {
  const { pass } = setUp();
  pass(0, 0);
  const totals = Array.from({ length: 40 }, (_, edition) => pass(3, edition + 1));
  expect(totals.at(-1)).toBe(2);
});

test("the editions of a log that is being caught up with are no reason to collect", () => {
  const { pass } = setUp();
  pass(0, 0, false);
  expect(pass(100, 5, false)).toBe(0);
  expect(pass(100, 9)).toBe(0);
});
