import { expect, test } from "bun:test";
import { type Clock, systemClock } from "../../../lib/mirror/clock.ts";
import { MirrorUnavailable } from "../../../lib/mirror/error.ts";
import { persist } from "./patience.ts";

const clock: Clock = { ...systemClock, sleep: () => Promise.resolve() };

test("a read is tried until the mirror node answers", async () => {
  let attempts = 0;
  const read = async () => {
    attempts += 1;
    if (attempts < 4) throw new MirrorUnavailable("not now");
    return null;
  };
  expect(await persist(read, new AbortController().signal, clock)).toEqual({ answer: null });
  expect(attempts).toBe(4);
});

test("an aborted read is no answer", async () => {
  const ending = new AbortController();
  const read = async () => {
    ending.abort();
    throw new MirrorUnavailable("not now");
  };
  expect(await persist(read, ending.signal, clock)).toBeNull();
});

test("a defect is not waited out", async () => {
  const read = () => Promise.reject(new TypeError("a defect"));
  await expect(persist(read, new AbortController().signal, clock)).rejects.toThrow("a defect");
});
