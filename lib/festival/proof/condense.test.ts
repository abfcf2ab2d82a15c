import { expect, test } from "bun:test";
import { condensed } from "./condense.ts";
import { problem } from "./problem.ts";

const many = (name: "malformed" | "payment", count: number) =>
  Array.from({ length: count }, (_, index) => problem(name, index + 1, `entry ${index + 1}`));

test("every error is told, and of thousands of warnings the first and how many there are", () => {
  const told = condensed([...many("malformed", 5_000), ...many("payment", 50)]);
  expect(told.filter(({ severity }) => severity === "error").length).toBe(50);
  expect(told.filter(({ name }) => name === "malformed").map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  expect(told.at(-1)).toMatchObject({ severity: "warning", message: "4980 more that count for nothing" });
});

test("a few warnings are told as they are", () => {
  expect(condensed(many("malformed", 20))).toEqual(many("malformed", 20));
});
