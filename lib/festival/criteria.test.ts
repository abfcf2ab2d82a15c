import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { fitCriteria } from "./criteria.ts";
import { type Body, encodeEntry, MAX_ENTRY_BYTES } from "./entry/entry.ts";
import type { Criterion } from "./state.ts";

const reject = (criteria: Criterion[]): Body<"quality_gate"> => ({
  v: 1,
  type: "quality_gate",
  re: "1000000000.10000",
  task_id: "x".repeat(64),
  payload: { attempt: 1, passed: false, criteria },
});
const fitted = (criteria: readonly Criterion[]) => fitCriteria(criteria, reject).payload.criteria;
const many = (count: number, criterion: Criterion) =>
  Array.from({ length: count }, (_, index) => ({ ...criterion, name: `${criterion.name}${index}` }));

describe("a verdict", () => {
  test("is said in full where there is room", () => {
    const criteria = [
      { name: "completed", passed: true },
      { name: "why", passed: false, value: "x".repeat(200), limit: "is y" },
    ];
    expect(fitted(criteria)).toEqual(criteria);
  });

  test("loses the ends of long texts first", () => {
    const criteria = many(6, { name: "m", passed: false, value: "x".repeat(200), limit: "is y" });
    expect(fitted(criteria)[5]).toEqual({
      name: "m5",
      passed: false,
      value: `${"x".repeat(31)}…`,
      limit: "is y",
    });
  });

  test("then the limits of what passed, then its figures, the last first, then all evidence", () => {
    const failed = { name: "mape", passed: false, value: 30, limit: "at most 25" };
    const figures = (count: number) => [
      ...many(count, { name: "metric_", passed: true, value: 12.345678901, limit: "at most 25" }),
      failed,
    ];
    expect(fitted(figures(12))[11]).toEqual({ name: "metric_11", passed: true, value: 12.345678901 });
    const short = fitted(figures(17));
    expect(short[0]).toEqual({ name: "metric_0", passed: true, value: 12.345678901 });
    expect(short.at(-2)).toEqual({ name: "metric_16", passed: true });
    expect(short.at(-1)).toEqual(failed);
    const bare = fitted(
      many(20, { name: "metric_", passed: false, value: 12.345678901, limit: "at most 25" }),
    );
    expect(bare).toHaveLength(20);
    expect(bare[7]).toEqual({ name: "metric_7", passed: false });
  });

  test("at last says what failed, and as much of it as fits", () => {
    const failed = { name: "broken", passed: false };
    const short = fitted([...many(100, { name: "metric_", passed: true }), failed]);
    expect(short[0]).toEqual(failed);
    expect(short.length).toBeGreaterThan(10);
  });

  test("fits in any case, and never turns", () => {
    const text = fc.string({ maxLength: 300, unit: "grapheme" });
    const criterion: fc.Arbitrary<Criterion> = fc.record(
      { name: text, passed: fc.boolean(), value: fc.oneof(text, fc.integer(), fc.boolean()), limit: text },
      { requiredKeys: ["name", "passed"] },
    );
    fc.assert(
      fc.property(fc.array(criterion, { minLength: 1, maxLength: 60 }), (criteria) => {
        const body = fitCriteria(criteria, reject);
        expect(encodeEntry(body).length).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
        expect(body.payload.criteria.every(({ passed }) => passed)).toBe(
          criteria.every(({ passed }) => passed),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("keeps to fewer bytes where it is asked to", () => {
    const body = fitCriteria(
      many(10, { name: "metric_", passed: true, value: 1, limit: "at least 1" }),
      reject,
      640,
    );
    expect(encodeEntry(body).length).toBeLessThanOrEqual(640);
    expect(body.payload.criteria).toHaveLength(10);
  });
});
