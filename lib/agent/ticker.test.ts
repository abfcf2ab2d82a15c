import { expect, test } from "bun:test";
import { ACCOUNTS, MANIFEST, TestLog } from "../festival/testing/log.ts";
import { addSeconds, type Timestamp } from "../hedera/timestamp.ts";
import { type Clock, systemClock } from "../mirror/clock.ts";
import { createLogger } from "./logger.ts";
import { Ticker } from "./ticker.ts";

/** A ticker over a quiet log on which the first plan is owed; its mirror shows what the test lets it. */
function quietLog() {
  const log = new TestLog();
  log.say(MANIFEST, ACCOUNTS.owner);
  let now: Timestamp = log.now;
  let wake = () => {};
  const clock: Clock = {
    ...systemClock,
    now: () => now,
    sleep: () => new Promise((resolve) => (wake = resolve)),
  };
  const said: bigint[] = [];
  const ledger = {
    say: async () => {
      const sequence = BigInt(log.messages.length + said.length + 1);
      said.push(sequence);
      return { kind: "executed", already: false, sequence } as const;
    },
  };
  const logger = createLogger("coordinator", "silent");
  const ticker = new Ticker({ agent: "coordinator", log: "0.0.3001", ledger, logger, clock });
  const show = () => ticker.update({ state: log.state, caughtUp: true, last: null, active: [] });
  show();
  return {
    log,
    ticks: () => said.length,
    show,
    /** Lets time pass, a look every 5 seconds. */
    pass: async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 5) {
        now = addSeconds(now, 5);
        wake();
        await Bun.sleep(0);
      }
    },
  };
}

test("a log is left alone while its window is open, and told the time once it has passed", async () => {
  const { pass, ticks } = quietLog();
  await pass(175);
  expect(ticks()).toBe(0);
  await pass(15);
  expect(ticks()).toBe(1);
});

test("a mirror that lags is not told again and again, but once a window", async () => {
  const { pass, ticks } = quietLog();
  await pass(185);
  await pass(170);
  expect(ticks()).toBe(1);
  await pass(170);
  expect(ticks()).toBe(2);
});

test("a tick that came too early for the window is followed by another as soon as it was read", async () => {
  const { log, pass, ticks, show } = quietLog();
  await pass(190);
  log.advance(100);
  log.say({ v: 1, type: "tick" }, ACCOUNTS.coordinator);
  show();
  await pass(5);
  expect(ticks()).toBe(2);
});
