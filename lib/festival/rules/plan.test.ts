import { describe, expect, test } from "bun:test";
import { addSeconds } from "../../hedera/timestamp.ts";
import type { Body } from "../entry/entry.ts";
import { leafHash, merkleRoot } from "../merkle.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../testing/log.ts";
import { perform } from "../testing/player.ts";
import { go, outline, planned, type Spec, stage } from "../testing/stage.ts";
import { commitOf } from "./plan.ts";

const ONE = [{ id: "1", name: "One" }];

function begun(changes: Partial<Body<"festival_plan">["payload"]>): TestLog {
  const log = new TestLog();
  log.say(MANIFEST, ACCOUNTS.owner);
  const plan = log.the("plan");
  log.discharge(plan, outline(plan, changes));
  return log;
}

function plan(log: TestLog, index: number, id: string, spec: Spec = {}): string {
  const obligation = log.owed("plan_task").find((one) => one.index === index);
  if (obligation === undefined) throw new Error(`task ${index} is not owed`);
  log.discharge(obligation, planned(obligation, id, spec));
  return log.outcome;
}

function finished(log: TestLog, id: string): void {
  go(log, id, "assign", "start", "execute", "settle");
}

describe("an edition", () => {
  test("owes as many tasks and further parts of its outline as it says", () => {
    const log = begun({ tasks: 3, parts: 2, phases: ONE });
    expect(log.kinds()).toEqual(["plan", "plan_task", "plan_task", "plan_task"]);
    expect(log.the("plan").index).toBe(2);
    expect(log.owed("plan_task").map(({ index }) => index)).toEqual([1, 2, 3]);
  });

  test("has its number from the log", () => {
    expect(begun({ edition: 2 }).outcome).toBe("refused: edition 1 is next, not 2");
  });

  test("puts its outline together from parts, whichever comes first", () => {
    const log = begun({ parts: 3, phases: ONE });
    const [second, third] = log.owed("plan");
    if (!second || !third) throw new Error("two parts are owed");
    log.discharge(third, outline(third, { part: 3, parts: 3, sequences: [{ id: "1.2", name: "B" }] }));
    log.discharge(second, outline(second, { part: 2, parts: 3, sequences: [{ id: "1.1", name: "A" }] }));
    expect(log.state.edition?.sequences.map(({ id }) => id)).toEqual(["1.2", "1.1"]);
    expect(log.state.edition?.phases).toEqual(ONE);
  });

  test.each([
    ["another part than is owed", { part: 3, parts: 2 }, "refused: part 2 of the outline is owed, not 3"],
    ["a part of another edition", { part: 2, parts: 2, edition: 2 }, "refused: edition 1 is planned"],
  ])("does not take %s", (_, changes, outcome) => {
    const log = begun({ parts: 2 });
    const second = log.the("plan");
    log.discharge(second, outline(second, changes));
    expect(log.outcome).toBe(outcome);
    expect(log.the("plan")).toEqual(second);
  });
});

describe("a planned task", () => {
  test("waits until outline and tasks are complete; then the plan's order counts, not the log's", () => {
    const log = begun({ tasks: 2, parts: 2 });
    plan(log, 2, "1.1.2");
    plan(log, 1, "1.1.1");
    expect(log.owed("assign")).toEqual([]);
    const part = log.the("plan");
    log.discharge(part, outline(part, { part: 2, parts: 2 }));
    expect(log.owed("assign").map(({ taskId }) => taskId)).toEqual(["1.1.1", "1.1.2"]);
    expect([...(log.state.edition?.tasks.keys() ?? [])]).toEqual(["1.1.1", "1.1.2"]);
  });

  test("begins as pending, with the lease of its own or of the manifest", () => {
    const log = stage({ "1.1.1": {}, "1.1.2": { lease_seconds: 7 } });
    expect(log.task("1.1.1")).toMatchObject({ state: "pending", attempt: 0, agent: null, leaseSeconds: 60 });
    expect(log.task("1.1.2").leaseSeconds).toBe(7);
  });

  test.each<[string, string, Spec, string]>([
    ["twice the same id", "1.1.1", {}, "refused: task 1.1.1 is planned already"],
    [
      "a reward over the limit",
      "1.1.2",
      { reward: 1_001n },
      "refused: reward 1001 is over the limit of 1000",
    ],
    ["no reward", "1.1.2", { reward: 0n }, "refused: task 1.1.2 has no reward"],
    ["the highest reward", "1.1.2", { reward: 1_000n }, "accepted"],
  ])("may have %s, or not", (_, id, spec, outcome) => {
    const log = begun({ tasks: 2 });
    plan(log, 1, "1.1.1");
    expect(plan(log, 2, id, spec)).toBe(outcome);
  });

  test("is assigned when all that it depends on is paid, not before", () => {
    const log = stage({
      "1.1.1": {},
      "1.1.2": {},
      "1.1.3": { uses: { a: "1.1.1" }, depends_on: ["1.1.2"] },
    });
    const assignable = () => log.owed("assign").map(({ taskId }) => taskId);
    expect(assignable()).toEqual(["1.1.1", "1.1.2"]);
    go(log, "1.1.1", "assign", "start", "execute");
    expect(assignable()).toEqual(["1.1.2"]);
    go(log, "1.1.2", "assign");
    go(log, "1.1.1", "settle");
    expect(assignable()).toEqual([]);
    go(log, "1.1.2", "start", "execute", "settle");
    expect(assignable()).toEqual(["1.1.3"]);
  });

  test("that can never begin fails: in a circle, behind it, behind a task that is not there", () => {
    const log = stage({
      "1.1.1": { depends_on: ["1.1.2"] },
      "1.1.2": { depends_on: ["1.1.1"] },
      "1.1.3": { depends_on: ["1.1.2"] },
      "1.1.4": { depends_on: ["9.9.9"] },
      "1.1.5": { depends_on: ["1.1.5"] },
      "1.1.6": {},
    });
    expect(log.owed("fail").map(({ taskId }) => taskId)).toEqual([
      "1.1.1",
      "1.1.2",
      "1.1.3",
      "1.1.4",
      "1.1.5",
    ]);
    for (const obligation of log.owed("fail")) perform(log, obligation);
    expect(log.owed("fail")).toEqual([]);
    finished(log, "1.1.6");
    expect(log.the("commit")).toBeDefined();
  });
});

describe("the commit", () => {
  function ready(): TestLog {
    const log = stage({ "1.1.1": {}, "1.1.2": { reward: 32n } }, MANIFEST, { every_seconds: 3_600 });
    finished(log, "1.1.1");
    expect(log.owed("commit")).toEqual([]);
    finished(log, "1.1.2");
    return log;
  }
  const commit = (log: TestLog, changes: Partial<Body<"festival_commit">["payload"]> = {}) => {
    const { edition } = log.state;
    if (edition === null) throw new Error("there is no edition");
    const owed = log.the("commit");
    const payload = { ...commitOf(edition), ...changes };
    log.discharge(owed, { v: 1, type: "festival_commit", re: owed.id, payload });
    return log.outcome;
  };

  test("is owed once every task is paid or failed, and says what the log says", () => {
    const log = ready();
    const leaves = log.messages
      .filter(({ bytes }) => /"type":"(task_result|payment_settled)"/.test(new TextDecoder().decode(bytes)))
      .map(({ bytes }) => leafHash(bytes));
    expect(leaves).toHaveLength(4);
    const { edition } = log.state;
    expect(edition && commitOf(edition)).toEqual({
      edition: 1,
      root: merkleRoot(leaves),
      tasks: { planned: 2, paid: 2, failed: 0 },
      payments: 2,
      amount: 42n,
      trades: 0,
    });
  });

  test.each<[string, Partial<Body<"festival_commit">["payload"]>, RegExp]>([
    [
      "another root",
      { root: "0".repeat(64) },
      /^refused: the root over results, payments and trades is [0-9a-f]{64}$/,
    ],
    ["another edition", { edition: 2 }, /^refused: edition 1 is to be committed$/],
    ["more tasks paid", { tasks: { planned: 2, paid: 1, failed: 1 } }, /^refused: its totals are not those/],
    ["fewer payments", { payments: 1 }, /^refused: its totals are not those/],
    ["another amount", { amount: 43n }, /^refused: its totals are not those/],
    ["a trade that was none", { trades: 1 }, /^refused: its totals are not those/],
  ])("with %s is refused, and stays owed", (_, changes, problem) => {
    const log = ready();
    expect(commit(log, changes)).toMatch(problem);
    expect(log.the("commit")).toBeDefined();
    expect(log.state.commits).toBe(0);
  });

  test("ends the edition; the next one is due so much later as the plan says", () => {
    const log = ready();
    expect(commit(log, { git_commit: "0123abc" })).toBe("accepted");
    expect(log.state.commits).toBe(1);
    expect(log.state.edition?.committed?.payload.git_commit).toBe("0123abc");
    const next = log.the("plan");
    expect(log.kinds()).toEqual(["plan"]);
    expect(next.due).toBe(addSeconds(log.now - (log.now % 1_000n), 3_600));
    log.advance(3_600);
    log.discharge(next, outline(next, { edition: 2 }));
    expect(log.outcome).toBe("accepted");
    expect(log.state.edition).toMatchObject({
      number: 2,
      payments: 0,
      amount: 0n,
      trades: 0,
      committed: null,
    });
    expect(log.state.edition?.tasks.size).toBe(0);
  });

  test("of a plan that does not recur leaves nothing owed", () => {
    const log = stage({ "1.1.1": {} });
    finished(log, "1.1.1");
    expect(commit(log)).toBe("accepted");
    expect(log.state.obligations.size).toBe(0);
  });
});
