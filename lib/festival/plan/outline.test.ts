import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { encodeEntry, MAX_ENTRY_BYTES } from "../entry/entry.ts";
import { first, read, task } from "../testing/tree.ts";
import { outlineOf } from "./outline.ts";
import { type Plan, type PlanStep, planHash } from "./plan.ts";

const PLAN = read({ [first("01_a.md")]: task() });
const steps = (count: number, name: string): PlanStep[] =>
  Array.from({ length: count }, (_, index) => ({ id: `1.${index + 1}`, name }));
const withSteps = (phases: PlanStep[], sequences: PlanStep[]): Plan => ({ ...PLAN, phases, sequences });
const sent = (payload: ReturnType<typeof outlineOf>[number]) =>
  encodeEntry({ v: 1, type: "festival_plan", re: "9999999999999999.100000", payload });

describe("an outline", () => {
  test("of a small plan is one entry, with number, name, tasks and hash", () => {
    expect(outlineOf({ ...PLAN, everySeconds: 15 }, 3)).toEqual([
      {
        edition: 3,
        part: 1,
        parts: 1,
        name: "Test",
        tasks: 1,
        plan_sha256: planHash({ ...PLAN, everySeconds: 15 }),
        every_seconds: 15,
        phases: [{ id: "1", name: "One" }],
        sequences: [{ id: "1.1", name: "Alpha" }],
      },
    ]);
    expect(outlineOf(PLAN, 1)[0]).not.toHaveProperty("every_seconds");
  });

  test("of a large one is as many parts as it needs, each telling which of how many", () => {
    const parts = outlineOf(withSteps(steps(40, "A phase"), steps(200, "A sequence")), 1);
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index + 1));
    expect(new Set(parts.map((part) => part.parts))).toEqual(new Set([parts.length]));
  });

  test("loses nothing, keeps the order, and fits, even under the longest ids", () => {
    const step = fc.record({
      id: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/),
      name: fc.string({ maxLength: 60, unit: "grapheme" }),
    });
    const edition = fc.constantFrom(1, 77, Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        fc.array(step, { maxLength: 60 }),
        edition,
        (phases, sequences, n) => {
          const parts = outlineOf(withSteps(phases, sequences), n);
          expect(parts.flatMap((part) => part.phases)).toEqual(phases);
          expect(parts.flatMap((part) => part.sequences)).toEqual(sequences);
          for (const part of parts) expect(sent(part).length).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("is the same every time but for the edition", () => {
    const plan = withSteps(steps(9, "A phase"), steps(50, "A sequence"));
    const [one, two] = [outlineOf(plan, 1), outlineOf(plan, 2)];
    expect(outlineOf(plan, 1)).toEqual(one);
    expect(two.map((part) => ({ ...part, edition: 1 }))).toEqual([...one]);
  });
});
