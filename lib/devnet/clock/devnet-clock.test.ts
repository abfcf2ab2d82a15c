import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { addSeconds, NANOS_PER_MILLI, type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import { DevnetClock } from "./devnet-clock.ts";

const START: Timestamp = timestampOf(1_700_000_000n);
let machine: Timestamp;
let clock: DevnetClock;

beforeEach(() => {
  machine = timestampOf(1_800_000_000n);
  clock = startClock();
});

afterEach(() => clock.stop());

function startClock(speed?: number): DevnetClock {
  return new DevnetClock({ start: START, speed, machine: () => machine });
}

/** Notes when each of some sleeps ends, by the clock. */
function sleepers(...seconds: number[]): { slept: number; at: Timestamp }[] {
  const ended: { slept: number; at: Timestamp }[] = [];
  for (const slept of seconds)
    void clock.sleep(slept * 1_000).then(() => ended.push({ slept, at: clock.now() }));
  return ended;
}

describe("the time", () => {
  test("goes on with the machine's", () => {
    machine += 5n * NANOS_PER_MILLI;
    expect(clock.now()).toBe(START + 5n * NANOS_PER_MILLI);
  });

  test("waits where the machine's goes back", () => {
    machine = addSeconds(machine, 30);
    expect(clock.now()).toBe(addSeconds(START, 30));
    machine = addSeconds(machine, -10);
    expect(clock.now()).toBe(addSeconds(START, 30));
  });

  test("stands still while it is frozen, and goes on from there", () => {
    clock.freeze();
    machine = addSeconds(machine, 100);
    expect([clock.now(), clock.speed]).toEqual([START, 0]);
    clock.resume();
    machine = addSeconds(machine, 1);
    expect(clock.now()).toBe(addSeconds(START, 1));
  });

  test.each([[60], [0.5], [1_000_000]])("goes %p times as fast if it is told to", (factor) => {
    clock.accelerate(factor);
    machine = addSeconds(machine, 2);
    expect(clock.now()).toBe(addSeconds(START, 2 * factor));
  });

  test.each([-1, Number.NaN, 0.0001, 2_000_000, Number.POSITIVE_INFINITY])(
    "cannot go %p times as fast",
    (factor) => {
      expect(() => clock.accelerate(factor)).toThrow("times the machine's speed");
    },
  );

  test("can be put back to where it would be if nobody had touched it", async () => {
    const { setting } = clock;
    await clock.advance(3_600);
    clock.freeze();
    machine = addSeconds(machine, 7);
    clock.restore(setting);
    expect([clock.now(), clock.speed]).toEqual([addSeconds(START, 7), 1]);
  });
});

describe("advancing", () => {
  test("moves the time, frozen or not", async () => {
    await clock.advance(10);
    clock.freeze();
    await clock.advance(5);
    expect(clock.now()).toBe(addSeconds(START, 15));
  });

  test("ends sleeps on the way, each at its own time and in order", async () => {
    clock.freeze();
    const ended = sleepers(30, 10, 20, 99);
    await clock.advance(60);
    expect(ended).toEqual([10, 20, 30].map((slept) => ({ slept, at: addSeconds(START, slept) })));
    expect(clock.now()).toBe(addSeconds(START, 60));
  });

  test("includes what starts on the way", async () => {
    clock.freeze();
    const ends: Timestamp[] = [];
    void clock
      .sleep(10_000)
      .then(() => clock.sleep(10_000))
      .then(() => ends.push(clock.now()));
    await clock.advance(60);
    expect(ends).toEqual([addSeconds(START, 20)]);
  });

  test("twice at once goes both ways one after the other", async () => {
    clock.freeze();
    await Promise.all([clock.advance(1), clock.advance(2)]);
    expect(clock.now()).toBe(addSeconds(START, 3));
  });

  test.each([-1, 0.5, Number.NaN])("by %p seconds is refused", (seconds) => {
    expect(() => clock.advance(seconds)).toThrow("cannot be advanced");
  });
});

describe("a sleep", () => {
  test("does not end while the clock is frozen, but for one that is over already", async () => {
    clock.freeze();
    const ended = sleepers(1, 0);
    machine = addSeconds(machine, 100);
    await Bun.sleep(10);
    expect(ended.map(({ slept }) => slept)).toEqual([0]);
  });

  test("ends in the machine's time where the clock is accelerated", async () => {
    const real = new DevnetClock({ start: START, speed: 100_000 });
    await real.sleep(1_000_000);
    expect(real.now()).toBeGreaterThanOrEqual(addSeconds(START, 1_000));
    real.stop();
  });

  test("ends early when it is aborted, and when the clock stops", async () => {
    const abort = new AbortController();
    const aborted = clock.sleep(1e9, abort.signal);
    const stopped = clock.sleep(1e9);
    abort.abort();
    await aborted;
    clock.stop();
    await stopped;
    await clock.sleep(1e9, abort.signal);
    expect(clock.now()).toBe(START);
  });
});

test("the alarm rings at its time, and anew when its time changes", async () => {
  clock.freeze();
  const rings: Timestamp[] = [];
  let at = addSeconds(START, 50);
  clock.setAlarm({
    at: () => at,
    ring() {
      if (clock.now() >= at) {
        rings.push(clock.now());
        at = addSeconds(at, 20);
      }
    },
  });
  at = addSeconds(START, 5);
  clock.rearm();
  await clock.advance(30);
  expect(rings).toEqual([addSeconds(START, 5), addSeconds(START, 25)]);
});
