import { describe, expect, test } from "bun:test";
import { dependenciesOf, reachable } from "./dependencies.ts";

describe("what a task depends on", () => {
  test("is what it uses and what it names, once each", () => {
    expect(dependenciesOf({ uses: { a: "1.1.1", b: "1.1.2" }, depends_on: ["1.1.2", "1.1.3"] })).toEqual([
      "1.1.1",
      "1.1.2",
      "1.1.3",
    ]);
    expect(dependenciesOf({})).toEqual([]);
  });
});

describe("the tasks that can ever begin", () => {
  const possible = (plan: Readonly<Record<string, string>>) =>
    [
      ...reachable(
        Object.entries(plan).map(([id, waits]) => ({ id, dependsOn: waits === "" ? [] : waits.split(" ") })),
      ),
    ].toSorted();

  test.each([
    ["a chain, in any order", { c: "b", b: "a", a: "" }, ["a", "b", "c"]],
    ["a diamond", { a: "", b: "a", c: "a", d: "b c" }, ["a", "b", "c", "d"]],
    ["all but a circle and what is behind it", { a: "", b: "c", c: "b", d: "c", e: "a" }, ["a", "e"]],
    ["none that waits for itself", { a: "a", b: "" }, ["b"]],
    ["none behind a task that is not there", { a: "", b: "a x", c: "b" }, ["a"]],
    ["none of an empty plan", {}, []],
  ])("are %s", (_, plan, expected) => {
    expect(possible(plan)).toEqual(expected);
  });

  test("are found among ten thousand in a row", () => {
    const chain = Array.from({ length: 10_000 }, (_, n) => ({
      id: `${n}`,
      dependsOn: n === 0 ? [] : [`${n - 1}`],
    }));
    expect(reachable(chain.toReversed()).size).toBe(10_000);
  });
});
