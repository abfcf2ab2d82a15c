import { describe, expect, test } from "bun:test";
import { parseTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import { type Clock, systemClock } from "../clock/clock.ts";
import { type Fault, parseFault } from "./fault.ts";
import { Faults } from "./faults.ts";

describe("a fault on the command line", () => {
  test.each<[string, Fault]>([
    ["node-busy", { kind: "node-busy" }],
    ["node-drop:every=3,count=2", { kind: "node-drop", every: 3, count: 2 }],
    [
      "rest-error:status=429,retry_after=2,path=/api/v1/topics",
      { kind: "rest-error", status: 429, retry_after: 2, path: "/api/v1/topics" },
    ],
    ["stream-stall:stream=ws", { kind: "stream-stall", stream: "ws" }],
  ])("%p is read", (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  test.each([
    ["nonsense", '"nonsense" is not a fault'],
    ["toString", '"toString" is not a fault'],
    ["node-busy:every", '"every" says nothing'],
    ["node-busy:every=0", "every: Too small"],
    ["node-busy:often=2", 'Unrecognized key: "often"'],
    ["finality", "ms: Invalid input"],
    ["rest-error:status=200", "status: Too small"],
    ["stream-cut:stream=rest", "stream: Invalid option"],
  ])("%p is refused, and says why", (text, why) => {
    expect(() => parseFault(text)).toThrow(why);
  });
});

/** Whether a fault struck on each of some occasions. */
function strikes(fault: Fault, occasions: number): boolean[] {
  const faults = new Faults(systemClock);
  faults.inject(fault);
  return Array.from({ length: occasions }, () => faults.strike("node-busy") !== null);
}

describe("a fault", () => {
  test("strikes on every occasion unless it is said otherwise", () => {
    expect(strikes({ kind: "node-busy" }, 3)).toEqual([true, true, true]);
    expect(strikes({ kind: "node-busy", every: 2 }, 5)).toEqual([false, true, false, true, false]);
    expect(strikes({ kind: "node-drop" }, 2)).toEqual([false, false]);
  });

  test("is over after its last strike", () => {
    expect(strikes({ kind: "node-busy", every: 2, count: 1 }, 5)).toEqual([false, true, false, false, false]);
  });

  test("is listed with its occasions until it is taken out", () => {
    const faults = new Faults(systemClock);
    const id = faults.inject({ kind: "node-busy", every: 2 });
    faults.strike("node-busy");
    faults.strike("node-busy");
    expect(faults.active).toEqual([{ id, fault: { kind: "node-busy", every: 2 }, seen: 2, struck: 1 }]);
    faults.clear(id);
    expect(faults.active).toEqual([]);
    expect(() => faults.clear(id)).toThrow(`there is no fault ${id}`);
  });

  test("that holds up adds to the others", () => {
    const faults = new Faults(systemClock);
    faults.inject({ kind: "finality", ms: 5 });
    faults.inject({ kind: "finality", ms: 7 });
    expect([faults.addedMs("finality"), faults.addedMs("mirror-lag")]).toEqual([12, 0]);
  });
});

test("a throttle admits its number a second, evenly, by the network's clock", () => {
  let now: Timestamp = parseTimestamp("1.0");
  const clock: Clock = { ...systemClock, now: () => now };
  const faults = new Faults(clock);
  faults.inject({ kind: "throttle-precheck", per_second: 4 });
  const admitted = () =>
    Array.from({ length: 6 }, () => !faults.isThrottled("throttle-precheck")).filter(Boolean).length;
  expect(admitted()).toBe(4);
  now += 500_000_000n;
  expect(admitted()).toBe(2);
  now += 10_000_000_000n;
  expect(admitted()).toBe(4);
  // A revert may put the clock back.
  now -= 5_000_000_000n;
  expect(admitted()).toBe(0);
  now += 250_000_000n;
  expect(admitted()).toBe(1);
});
