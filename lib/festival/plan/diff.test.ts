import { describe, expect, test } from "bun:test";
import { ACCOUNTS, type TestLog } from "../testing/log.ts";
import { go, stage } from "../testing/stage.ts";
import { first, read, task } from "../testing/tree.ts";
import { amendmentsOf, diffPlan } from "./diff.ts";
import type { Plan } from "./plan.ts";

type Files = Readonly<Record<string, string>>;
const [A, B, C] = [first("01_a.md"), first("02_b.md"), first("03_c.md")] as const;
const BASE: Files = { [A]: task("reward: 10"), [B]: task(), [C]: task("depends_on: [1.1.1]") };
/** A log on which a festival of these files was planned. */
const begun = (files: Files): TestLog =>
  stage(Object.fromEntries(read(files).tasks.map(({ id, spec }) => [id, spec])));
const ids = (some: readonly { readonly id: string }[]) => some.map(({ id }) => id);
const diff = (plan: Plan, log: TestLog) => {
  const { edition } = log.state;
  if (edition === null) throw new Error("nothing was planned");
  const { unchanged, added, changed, withdrawn, finished } = diffPlan(plan, edition);
  const lists = { added: ids(added), changed: ids(changed), withdrawn: ids(withdrawn) };
  return { unchanged, ...lists, finished: ids(finished) };
};
/** Says every amendment, as `plan apply` does. */
const apply = (plan: Plan, log: TestLog): readonly string[] => {
  const { edition } = log.state;
  if (edition === null) throw new Error("nothing was planned");
  return amendmentsOf(plan, edition).map((body) => {
    log.say(body, ACCOUNTS.owner);
    return `${body.type} ${body.task_id} ${log.outcome}`;
  });
};

describe("a plan and an edition", () => {
  test("that are the same differ in nothing", () => {
    expect(diff(read(BASE), begun(BASE))).toEqual({
      unchanged: 3,
      added: [],
      changed: [],
      withdrawn: [],
      finished: [],
    });
    expect(apply(read(BASE), begun(BASE))).toEqual([]);
  });

  test("differ in what is added, changed and gone; what is done is kept", () => {
    const log = go(begun(BASE), "1.1.1", "assign", "start", "execute", "settle");
    const plan = read({ [A]: task("reward: 11"), [C]: task("depends_on: []"), [first("04_d.md")]: task() });
    expect(diff(plan, log)).toEqual({
      unchanged: 0,
      added: ["1.1.4"],
      changed: ["1.1.3"],
      withdrawn: ["1.1.2"],
      finished: ["1.1.1"],
    });
  });

  test("keep what is done even if the plan has it no more, and what failed failed", () => {
    const log = go(begun(BASE), "1.1.1", "assign", "start", "execute");
    log.say({ v: 1, type: "task_withdrawn", task_id: "1.1.2" }, ACCOUNTS.owner);
    expect(diff(read({ [C]: task("depends_on: []") }), log)).toMatchObject({
      withdrawn: [],
      finished: ["1.1.1"],
    });
  });
});

describe("the amendments of a plan", () => {
  test("are accepted in their order, though later tasks come first in the plan, and leave no difference", () => {
    const log = begun(BASE);
    const plan = read({
      [A]: task("depends_on: [1.2.1]\nreward: 10"),
      [C]: task("depends_on: [1.1.1, 1.2.2]"),
      "001_ONE/02_beta/01_x.md": task("depends_on: [1.2.2]"),
      "001_ONE/02_beta/02_y.md": task("depends_on: []"),
    });
    expect(apply(plan, log)).toEqual([
      "task_planned 1.2.2 accepted",
      "task_planned 1.2.1 accepted",
      "task_planned 1.1.1 accepted",
      "task_planned 1.1.3 accepted",
      "task_withdrawn 1.1.2 accepted",
    ]);
    expect(diff(plan, log)).toEqual({ unchanged: 4, added: [], changed: [], withdrawn: [], finished: [] });
    expect(apply(plan, log)).toEqual([]);
    expect(log.state.edition?.sequences).toContainEqual({ id: "1.2", name: "Beta" });
  });

  test("that were cut short are completed by the rest", () => {
    const log = begun(BASE);
    const plan = read({ [A]: task("reward: 10"), [B]: task("reward: 9"), "001_ONE/02_beta/01_x.md": task() });
    const { edition } = log.state;
    const [begin] = edition === null ? [] : amendmentsOf(plan, edition);
    if (begin !== undefined) log.say(begin, ACCOUNTS.owner);
    expect(apply(plan, log)).toHaveLength(2);
    expect(diff(plan, log)).toMatchObject({ unchanged: 3, added: [], changed: [], withdrawn: [] });
  });
});
