import { expect, test } from "bun:test";
import { sleep } from "./sleep.ts";

const LONG_MS = 1e9;

test("a sleep ends when it is over", async () => {
  await sleep(1);
  await sleep(1, new AbortController().signal);
});

test("a sleep ends with its signal, also with one that is aborted already", async () => {
  const waking = new AbortController();
  const sleeping = sleep(LONG_MS, waking.signal);
  waking.abort();
  expect(await sleeping).toBeUndefined();
  expect(await sleep(LONG_MS, waking.signal)).toBeUndefined();
});
