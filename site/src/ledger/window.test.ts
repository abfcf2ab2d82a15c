import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { rowsInView } from "./window.ts";

describe("the rows in view", () => {
  test("are a screenful and a few, however long the list", () => {
    const { from, to } = rowsInView(300_000, 600, 30, 100_000);
    expect(from).toBeLessThanOrEqual(10_000);
    expect(to).toBeGreaterThanOrEqual(10_020);
    expect(to - from).toBeLessThan(50);
  });

  test("cover what can be seen, and lie within the list", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 100_000 }),
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 20, max: 60 }),
        fc.nat(2_000),
        (top, height, rowHeight, count) => {
          const { from, to } = rowsInView(top, height, rowHeight, count);
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(count);
          const last = Math.min(count, Math.ceil((Math.max(0, top) + height) / rowHeight));
          const first = Math.floor(Math.max(0, top) / rowHeight);
          if (first < count) {
            expect(from).toBeLessThanOrEqual(first);
            expect(to).toBeGreaterThanOrEqual(last);
          }
        },
      ),
    );
  });

  test("are the last ones where the list became shorter than it was scrolled", () => {
    const { from, to } = rowsInView(90_000, 600, 30, 100);
    expect(to).toBe(100);
    expect(from).toBeLessThan(100);
  });
});
