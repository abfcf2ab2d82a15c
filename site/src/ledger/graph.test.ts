import { describe, expect, test } from "bun:test";
import type { Edition } from "../../../lib/festival/state.ts";
import { stage } from "../../../lib/festival/testing/stage.ts";
import { graphOf } from "./graph.ts";

/** An edition with these tasks, each after what it names. */
function edition(tasks: Readonly<Record<string, readonly string[]>>): Edition {
  const plan = Object.entries(tasks).map(([id, depends_on]) => [id, { depends_on: [...depends_on] }]);
  const found = stage(Object.fromEntries(plan), undefined, { sequences: [{ id: "1.1", name: "All" }] }).state
    .edition;
  if (found === null) throw new Error("there is no edition");
  return found;
}

const placesOf = (graph: ReturnType<typeof graphOf>) =>
  Object.fromEntries(graph.nodes.map(({ id, column, row }) => [id, [column, row]]));

describe("the graph of an edition", () => {
  test("puts each task behind everything that it waits for, however long the way", () => {
    const graph = graphOf(
      edition({ "1.1.1": [], "1.1.2": [], "1.1.3": ["1.1.1"], "1.1.4": ["1.1.3", "1.1.2"] }),
    );
    expect(placesOf(graph)).toEqual({ "1.1.1": [0, 0], "1.1.2": [0, 1], "1.1.3": [1, 0], "1.1.4": [2, 0] });
    expect(graph).toMatchObject({ of: "tasks", columns: 3, rows: 2 });
    expect(graph.edges.map(([from, to]) => `${from.id} ${to.id}`)).toEqual([
      "1.1.1 1.1.3",
      "1.1.3 1.1.4",
      "1.1.2 1.1.4",
    ]);
  });

  test("keeps what belongs together on a line", () => {
    const graph = graphOf(edition({ "1.1.1": [], "1.1.2": [], "1.1.3": ["1.1.2"], "1.1.4": ["1.1.1"] }));
    expect(placesOf(graph)).toMatchObject({ "1.1.4": [1, 0], "1.1.3": [1, 1] });
  });

  test("draws sequences where there are more tasks than can be looked at", () => {
    const ids = Array.from({ length: 61 }, (_, index) => `1.1.${index + 1}`);
    const graph = graphOf(edition(Object.fromEntries(ids.map((id) => [id, []]))));
    expect(graph.of).toBe("sequences");
    expect(graph.nodes.map(({ id, state }) => [id, state])).toEqual([["1.1", "pending"]]);
  });

  test("is nothing before a task is planned", () => {
    const empty = { ...edition({ "1.1.1": [] }), tasks: new Map() };
    expect(graphOf(empty)).toEqual({ of: "tasks", nodes: [], edges: [], columns: 0, rows: 0 });
  });
});
