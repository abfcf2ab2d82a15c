import { expect, test } from "bun:test";
import { breathe, slicesOf } from "./breathe.ts";

test("a breath lets what waits come first", async () => {
  const order: string[] = [];
  const waiting = new Promise<void>((resolve) => {
    setTimeout(() => {
      order.push("timer");
      resolve();
    });
  });
  order.push("work");
  await breathe();
  await waiting;
  order.push("more work");
  expect(order).toEqual(["work", "timer", "more work"]);
});

test("slices hold everything in order, and none is empty", () => {
  expect(slicesOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(slicesOf([])).toEqual([]);
});
