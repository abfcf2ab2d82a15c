import { describe, expect, test } from "bun:test";
import { addSeconds, timestampOf } from "../hedera/timestamp.ts";
import { type Clock, systemClock } from "../mirror/clock.ts";
import { Breaker, FAILURES_IN_A_ROW } from "./breaker.ts";
import type { Performed } from "./duty.ts";
import type { Hold } from "./guard.ts";

const FAILED: Performed = { kind: "failed", status: "INVALID_SIGNATURE" };
const REFUSED: Performed = { kind: "refused", status: "INVALID_SIGNATURE", curable: false };
const PENDING: Performed = { kind: "pending", status: "BUSY" };
const WAIT: Performed = { kind: "wait", reason: "nobody is to be paid" };
const EXECUTED: Performed = { kind: "executed", already: false };

/** A breaker whose time stands still until it is moved. */
function setUp() {
  let now = timestampOf(1_700_000_000n);
  const clock: Clock = { ...systemClock, now: () => now };
  const told: Hold[] = [];
  const breaker = new Breaker(clock, (hold) => told.push(hold));
  return {
    breaker,
    told,
    pass: (seconds: number) => {
      now = addSeconds(now, seconds);
    },
    fail: (times: number) => {
      for (let time = 0; time < times; time++) breaker.note(FAILED);
    },
  };
}

describe("the circuit breaker", () => {
  test("lets everything through while effects now and then fail", () => {
    const { breaker, fail } = setUp();
    for (let round = 0; round < 3; round++) {
      fail(FAILURES_IN_A_ROW - 1);
      breaker.note(EXECUTED);
    }
    expect(breaker.admit()).toBeNull();
  });

  test("opens after failures in a row, refused or failed, and says so once", () => {
    const { breaker, told, fail } = setUp();
    fail(FAILURES_IN_A_ROW - 1);
    breaker.note(REFUSED);
    expect(breaker.admit()?.code).toBe("EFFECTS_FAIL");
    fail(10);
    expect(told.map(({ code }) => code)).toEqual(["EFFECTS_FAIL"]);
  });

  test("does not open for what waits or has no answer", () => {
    const { breaker } = setUp();
    for (let time = 0; time < 100; time++) for (const open of [PENDING, WAIT, null]) breaker.note(open);
    expect(breaker.admit()).toBeNull();
  });

  test("lets a single one through after a pause, and waits longer each time that it fails", () => {
    const { breaker, told, pass, fail } = setUp();
    fail(FAILURES_IN_A_ROW);
    for (const pause of [10, 20, 40, 80, 160, 320, 600, 600]) {
      pass(pause - 1);
      expect(breaker.admit()).not.toBeNull();
      pass(1);
      expect(breaker.admit()).toBeNull();
      expect(breaker.admit()).not.toBeNull();
      breaker.note(FAILED);
    }
    expect(told).toHaveLength(1);
  });

  test("lets another through if the single one has no answer, and closes with the first success", () => {
    const { breaker, told, pass, fail } = setUp();
    fail(FAILURES_IN_A_ROW);
    pass(10);
    expect(breaker.admit()).toBeNull();
    breaker.note(PENDING);
    expect(breaker.admit()).toBeNull();
    breaker.note(EXECUTED);
    expect(breaker.admit()).toBeNull();
    expect(breaker.hold).toBeNull();
    fail(FAILURES_IN_A_ROW);
    expect(told).toHaveLength(2);
  });
});
