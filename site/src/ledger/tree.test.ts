import { describe, expect, test } from "bun:test";
import type { Edition } from "../../../lib/festival/state.ts";
import { TestLog } from "../../../lib/festival/testing/log.ts";
import { begin, play } from "../../../lib/festival/testing/player.ts";
import { blockersOf, tally, treeOf } from "./tree.ts";

function editionAfter(moves: number): Edition {
  const log = new TestLog();
  begin(log);
  for (let move = 0; move < moves; move++) play(log, { pick: 0, way: 0, wait: 1 });
  if (log.state.edition === null) throw new Error("there is no edition yet");
  return log.state.edition;
}

const PLANNED = editionAfter(6);

describe("the tree of an edition", () => {
  test("has the tasks under their sequences under their phases, in plan order", () => {
    const [phase, ...others] = treeOf(PLANNED);
    expect(others).toEqual([]);
    expect(phase).toMatchObject({ id: "1", name: "One", done: 0, tasks: 5 });
    expect(phase?.sequences.map(({ id }) => id)).toEqual(["1.1"]);
    expect(phase?.sequences[0]?.tasks.map(({ id }) => id)).toEqual([
      "1.1.1",
      "1.1.2",
      "1.1.3",
      "1.1.4",
      "1.1.5",
    ]);
  });

  test("takes the longest sequence that a task's id begins with, and not one that is only spelled alike", () => {
    const sequences = [
      { id: "1", name: "all" },
      { id: "1.1", name: "these" },
      { id: "1.10", name: "others" },
    ];
    const [phase] = treeOf({ ...PLANNED, phases: [{ id: "1", name: "One" }], sequences });
    expect(phase?.sequences.map(({ id, tasks }) => [id, tasks.length])).toEqual([
      ["1.1", 5],
      ["1.10", 0],
    ]);
  });

  test("leaves no task out, even where the outline has no place for it", () => {
    const tree = treeOf({ ...PLANNED, phases: [], sequences: [] });
    expect(tree).toHaveLength(1);
    expect(tree[0]).toMatchObject({ id: "", tasks: 5 });
  });
});

test("tasks are counted by state", () => {
  expect(tally(PLANNED)).toMatchObject({ pending: 5, paid: 0 });
  expect(tally(editionAfter(11))).toMatchObject({ paid: 1 });
});

test("a pending task is blocked by what it depends on and is not paid", () => {
  const second = PLANNED.tasks.get("1.1.2");
  const first = PLANNED.tasks.get("1.1.1");
  if (!first || !second) throw new Error("the plan has neither");
  expect(blockersOf(second, PLANNED)).toEqual(["1.1.1"]);
  expect(blockersOf(first, PLANNED)).toEqual([]);
  const paid = new Map(PLANNED.tasks).set("1.1.1", { ...first, state: "paid" });
  expect(blockersOf(second, { ...PLANNED, tasks: paid })).toEqual([]);
});
