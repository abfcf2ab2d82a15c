import { describe, expect, test } from "bun:test";
import { systemClock } from "./clock.ts";
import { createDoorbell } from "./doorbell.ts";
import { quickClock } from "./testing/clock.ts";
import { anyWake, createWake } from "./wake.ts";

describe("a wake source", () => {
  test("wakes every subscriber until it unsubscribes", () => {
    const wake = createWake();
    const woken: string[] = [];
    const leave = wake.subscribe(() => woken.push("a"));
    wake.subscribe(() => woken.push("b"));
    wake.ring();
    leave();
    wake.ring();
    expect(woken).toEqual(["a", "b", "b"]);
  });

  test("can be one of several", () => {
    const [left, right] = [createWake(), createWake()];
    let woken = 0;
    const leave = anyWake(left, right).subscribe(() => {
      woken += 1;
    });
    left.ring();
    right.ring();
    leave();
    left.ring();
    expect(woken).toBe(2);
  });
});

describe("a doorbell", () => {
  const NEVER_MS = 1e9;

  test("ends a wait when it is rung", async () => {
    const wake = createWake();
    const doorbell = createDoorbell(wake, systemClock, new AbortController().signal);
    const waiting = doorbell.wait(0, NEVER_MS);
    wake.ring();
    await waiting;
  });

  test("keeps a ring for the next wait, once", async () => {
    const wake = createWake();
    const clock = quickClock();
    const doorbell = createDoorbell(wake, clock, new AbortController().signal);
    wake.ring();
    wake.ring();
    await doorbell.wait(0, NEVER_MS);
    expect(clock.waits).toEqual([]);
    await doorbell.wait(0, 20);
    expect(clock.waits).toEqual([20]);
  });

  test("waits its shortest time even when it is rung", async () => {
    const wake = createWake();
    const clock = quickClock();
    const doorbell = createDoorbell(wake, clock, new AbortController().signal);
    wake.ring();
    await doorbell.wait(30, NEVER_MS);
    expect(clock.waits).toEqual([30]);
  });

  test("ends every wait at the abort", async () => {
    const abort = new AbortController();
    const doorbell = createDoorbell(undefined, systemClock, abort.signal);
    const waiting = [doorbell.wait(NEVER_MS, NEVER_MS), doorbell.wait(0, NEVER_MS)];
    abort.abort();
    await Promise.all(waiting);
    await doorbell.wait(NEVER_MS, NEVER_MS);
  });

  test("does not listen once closed", async () => {
    const wake = createWake();
    const clock = quickClock();
    const doorbell = createDoorbell(wake, clock, new AbortController().signal);
    doorbell.close();
    wake.ring();
    await doorbell.wait(0, 20);
    expect(clock.waits).toEqual([20]);
  });
});
