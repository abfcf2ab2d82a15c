import { describe, expect, test } from "bun:test";
import type { Body } from "./entry/entry.ts";
import { describeBound, judge } from "./gate.ts";
import type { Task } from "./state.ts";
import { go, stage } from "./testing/stage.ts";

type Result = Body<"task_result">["payload"];
type Gate = NonNullable<Body<"task_planned">["payload"]["gate"]>;

function reviewed(gate: Gate, result: Result): Task {
  const log = go(stage({ "1.1.1": { gate } }), "1.1.1", "assign", "start", "execute");
  const task = log.task("1.1.1");
  return { ...task, result: task.result && { ...task.result, payload: result } };
}
const judged = (bound: Gate[string], value?: number | boolean | string) =>
  judge(
    reviewed(
      { m: bound },
      { status: "completed", ...(value === undefined ? {} : { metrics: { m: value } }) },
    ),
    [],
  ).passed;

describe("a bound", () => {
  test.each([
    ["min", { min: 2 }, [2, 2.5, 1e300], [1.999, -3, true, "2"]],
    ["max", { max: 2 }, [2, -5], [2.001, false, "0"]],
    ["min and max", { min: 0, max: 1 }, [0, 0.5, 1], [-0.001, 1.001, true, ""]],
    ["equals, of a number", { equals: 168 }, [168], [167, true, "168"]],
    ["equals, of a truth", { equals: true }, [true], [false, 1, "true"]],
    ["equals, of false", { equals: false }, [false], [true, 0, ""]],
    ["equals, of text", { equals: "settled" }, ["settled"], ["failed", "Settled", ""]],
    ["one_of", { one_of: ["settled", "held"] }, ["settled", "held"], ["failed", 1, true]],
    ["one_of nothing", { one_of: [] }, [], ["settled"]],
    ["one_of with a bound", { one_of: ["1"], min: 0 }, [], ["1", 1]],
    ["equals with a bound", { equals: 3, max: 2 }, [], [3, 2]],
    ["nothing at all", {}, [], [0, true, "x"]],
  ] satisfies [string, Gate[string], unknown[], unknown[]][])("%s", (_, bound, holds, breaks) => {
    for (const value of holds) expect(judged(bound, value)).toBe(true);
    for (const value of breaks) expect(judged(bound, value)).toBe(false);
    expect(judged(bound)).toBe(false);
  });

  test.each([
    [{ min: 0.5, max: 0.95 }, "0.5..0.95"],
    [{ max: 3 }, "at most 3"],
    [{ min: 3 }, "at least 3"],
    [{ equals: true }, "is true"],
    [{ one_of: ["a", "b"] }, "is a or b"],
  ] satisfies [Gate[string], string][])("%j is said as %s", (bound, words) => {
    expect(describeBound(bound)).toBe(words);
  });
});

describe("a verdict", () => {
  const gate = { mape: { max: 25 }, ordered: { equals: true } };

  test("states every criterion with its evidence, in the gate's order", () => {
    const result: Result = { status: "completed", metrics: { ordered: true, mape: 30 } };
    expect(judge(reviewed(gate, result), [{ name: "recomputed", passed: true }])).toEqual({
      passed: false,
      criteria: [
        { name: "completed", passed: true },
        { name: "mape", passed: false, value: 30, limit: "at most 25" },
        { name: "ordered", passed: true, value: true, limit: "is true" },
        { name: "recomputed", passed: true },
      ],
    });
  });

  test("passes only if every bound holds and so does what was read elsewhere", () => {
    const result: Result = { status: "completed", metrics: { ordered: true, mape: 20 } };
    const task = reviewed(gate, result);
    expect(judge(task, []).passed).toBe(true);
    expect(judge(task, [{ name: "transfers", passed: false }]).passed).toBe(false);
  });

  test("fails a metric that is absent, even one that every object has", () => {
    const inherited = { constructor: { equals: "x" }, toString: { min: 0 } };
    const { criteria } = judge(reviewed(inherited, { status: "completed", metrics: {} }), []);
    expect(criteria.slice(1)).toEqual([
      { name: "constructor", passed: false, limit: "is x" },
      { name: "toString", passed: false, limit: "at least 0" },
    ]);
  });

  test("fails work that was not completed, whatever its metrics, and says why", () => {
    const metrics = { ordered: true, mape: 20 };
    expect(judge(reviewed(gate, { status: "failed", metrics, error: "no rates" }), [])).toMatchObject({
      passed: false,
      criteria: [{ name: "completed", passed: false, value: "no rates" }, {}, {}],
    });
  });

  test("fails a task without a result", () => {
    const pending = stage({ "1.1.1": {} }).task("1.1.1");
    expect(judge(pending, []).criteria).toEqual([{ name: "completed", passed: false, value: "no result" }]);
  });
});
