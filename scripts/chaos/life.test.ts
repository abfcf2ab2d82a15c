import { expect, test } from "bun:test";
import { addSeconds, timestampOf } from "../../lib/hedera/timestamp.ts";
import { type Crash, Life } from "./life.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";

const START = timestampOf(1_700_000_000n);

function born(crash: Crash | null = null, skewMs = 0) {
  const scheduler = new Scheduler(START);
  const died: Crash[] = [];
  const onCrash = (how: Crash) => died.push(how);
  const life = new Life({ scheduler, random: new Random("life"), skewMs, crash, onCrash });
  return { scheduler, life, died, pass: () => scheduler.run(() => false, addSeconds(START, 60)) };
}

/** Takes three steps, a second each, and tells of each one that was taken and of each that came back. */
async function threeSteps({ life, scheduler }: ReturnType<typeof born>, told: string[]): Promise<void> {
  for (const nth of [1, 2, 3]) {
    await life.step("submit", async () => {
      told.push(`take ${nth}`);
      await scheduler.wait(1_000);
    });
    told.push(`back ${nth}`);
  }
}

test.each<[Crash["when"], string[]]>([
  ["before", ["take 1", "back 1"]],
  ["after", ["take 1", "back 1", "take 2"]],
])("a life that ends %s its second step never learns what comes of it", async (when, expected) => {
  const world = born({ step: "submit", nth: 2, when });
  const told: string[] = [];
  void threeSteps(world, told).finally(() => told.push("went on"));
  await world.pass();
  expect(told).toEqual(expected);
  expect(world.died).toEqual([{ step: "submit", nth: 2, when }]);
});

test("killed, nothing of it goes on, not even what it slept for", async () => {
  const { life, scheduler, pass } = born();
  let woke = false;
  void life.clock.sleep(2_000).then(() => {
    woke = true;
  });
  scheduler.after(1_000, () => life.kill());
  await pass();
  expect(woke).toBe(false);
});

test("frozen, it gets what it awaited when it goes on", async () => {
  const { life, scheduler, pass } = born();
  let woke = 0n;
  void life.clock.sleep(2_000).then(() => {
    woke = scheduler.now;
  });
  scheduler.after(1_000, () => life.freeze(10_000));
  await pass();
  expect(woke).toBe(addSeconds(START, 11));
});

test("its wall clock may be wrong, and its sleep ends at once when it is no longer wanted", async () => {
  const { life, scheduler, pass } = born(null, -5_000);
  expect(life.clock.now()).toBe(addSeconds(START, -5));
  const enough = new AbortController();
  let woke = 0n;
  void life.clock.sleep(30_000, enough.signal).then(() => {
    woke = scheduler.now;
  });
  scheduler.after(1_000, () => enough.abort());
  await pass();
  expect(woke).toBe(addSeconds(START, 1));
});
