import { expect, test } from "bun:test";
import { FrameStore } from "./frame-store.ts";

/** A store whose frames come when the test says so. */
function stage() {
  const due: (() => void)[] = [];
  const store = new FrameStore({ a: 1, b: 1 }, (callback) => due.push(callback));
  const told: unknown[] = [];
  const unsubscribe = store.subscribe((value) => told.push(value));
  return { store, told, unsubscribe, frame: () => due.splice(0).forEach((callback) => void callback()) };
}

test("many changes in one frame are told once, with the last value", () => {
  const { store, told, frame } = stage();
  store.change({ a: 2 });
  store.change({ a: 3, b: 2 });
  expect(told).toEqual([]);
  frame();
  expect(told).toEqual([{ a: 3, b: 2 }]);
});

test("nothing is told without a change", () => {
  const { told, frame } = stage();
  frame();
  expect(told).toEqual([]);
});

test("a change after a frame is told in the next one", () => {
  const { store, told, frame } = stage();
  store.change({ a: 2 });
  frame();
  store.change({ a: 3 });
  frame();
  expect(told).toEqual([
    { a: 2, b: 1 },
    { a: 3, b: 1 },
  ]);
});

test("a value that somebody holds never changes", () => {
  const { store } = stage();
  const before = store.value;
  store.change({ a: 2 });
  expect(before).toEqual({ a: 1, b: 1 });
});

test("who unsubscribed is told nothing more", () => {
  const { store, told, unsubscribe, frame } = stage();
  unsubscribe();
  store.change({ a: 2 });
  frame();
  expect(told).toEqual([]);
});
