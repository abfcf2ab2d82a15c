import { expect, test } from "bun:test";
import { NANOS_PER_MILLI, timestampOf } from "../../lib/hedera/timestamp.ts";
import { Scheduler } from "./scheduler.ts";

const START = timestampOf(1_700_000_000n);
const at = (milliseconds: number) => START + BigInt(milliseconds) * NANOS_PER_MILLI;

test("events happen in the order of their times, and those of one time in the order in which they were planned", async () => {
  const scheduler = new Scheduler(START);
  const seen: string[] = [];
  for (const [name, after] of Object.entries({ d: 30, a: 10, e: 40, b: 10, c: 20 }))
    scheduler.after(after, () => seen.push(`${name} ${scheduler.now - START}`));
  scheduler.after(15, () => seen.push("never"))();
  expect(await scheduler.run(() => false, at(1_000))).toBe(false);
  expect(seen).toEqual(["a 10000000", "b 10000000", "c 20000000", "d 30000000", "e 40000000"]);
});

test("time stands still while anybody has something to do", async () => {
  const scheduler = new Scheduler(START);
  const seen: bigint[] = [];
  const work = async () => {
    await scheduler.wait(5);
    for (let step = 0; step < 100; step++) await Promise.resolve();
    seen.push(scheduler.now);
    await new Response("x").text();
    seen.push(scheduler.now);
  };
  void work();
  scheduler.after(6, () => seen.push(scheduler.now));
  await scheduler.run(() => false, at(10));
  expect(seen).toEqual([at(5), at(5), at(6)]);
});

test("it ends when it is done, when nothing is left, or before what comes too late", async () => {
  const scheduler = new Scheduler(START);
  let count = 0;
  for (const after of [1, 2, 3]) scheduler.after(after, () => (count += 1));
  expect(await scheduler.run(() => count === 2, at(10))).toBe(true);
  expect(scheduler.now).toBe(at(2));
  expect(await scheduler.run(() => false, at(10))).toBe(false);
  expect(count).toBe(3);
});
