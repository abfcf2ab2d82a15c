import { describe, expect, test } from "bun:test";
import * as z from "zod/mini";
import { amount } from "../../festival/entry/field.ts";
import { stage } from "../../festival/testing/stage.ts";
import { contextOf, delivered, MARKET } from "../testing/context.ts";
import { beganAt, inputNumber, marketOf, usedOutput, usedTask, WorkError } from "./context.ts";

const schema = z.object({ price: amount });
const log = delivered(
  { a: { spec: {}, output: { price: "12", more: 1 } }, b: { spec: {}, output: { price: 12 } } },
  { uses: { sound: "a", odd: "b" }, input: { hours: 3, text: "3", half: 1.5, list: [3] } },
);
const context = contextOf(log);

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof WorkError) return error.code;
    throw error;
  }
  return "read";
}

describe("what a task uses", () => {
  test("is found by the name that it gives it, and parsed", () => {
    expect(usedTask(context, "sound").id).toBe("a");
    expect(usedOutput(context, "sound", schema)).toEqual({ price: 12n });
  });

  test("is an error of the work where it is not there, not named, or of another form", () => {
    expect(codeOf(() => usedTask(context, "other"))).toBe("USE_MISSING");
    expect(codeOf(() => usedTask(context, "toString"))).toBe("USE_MISSING");
    expect(codeOf(() => usedOutput(context, "odd", schema))).toBe("USE_INVALID");
    const alone = contextOf(delivered({}, { input: {} }));
    expect(codeOf(() => usedOutput(alone, "sound", schema))).toBe("USE_MISSING");
  });
});

describe("a whole number of the input", () => {
  test("is what is stated, or the default", () => {
    expect(inputNumber(context, "hours", 168)).toBe(3);
    expect(inputNumber(context, "horizon_hours", 1)).toBe(1);
  });

  test.each(["text", "half", "list"])("is not %s", (name) => {
    expect(codeOf(() => inputNumber(context, name, 1))).toBe("INPUT_INVALID");
  });
});

describe("the market", () => {
  test("is the manifest's, if it has one", () => {
    expect(marketOf(log.state)).toEqual(MARKET.payload.market ?? marketOf(log.state));
    expect(codeOf(() => marketOf(stage({ a: {} }).state))).toBe("MARKET_MISSING");
  });
});

describe("the time at which evidence is read", () => {
  test("is when the attempt began, from the log", () => {
    expect(beganAt(log.task("last"))).toBe(log.task("last").began ?? 0n);
    expect(codeOf(() => beganAt(stage({ a: {} }).task("a")))).toBe("TASK_NOT_BEGUN");
  });
});
