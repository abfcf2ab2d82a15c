import { describe, expect, test } from "bun:test";
import type { AccountId } from "../../hedera/id.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../testing/log.ts";
import { perform } from "../testing/player.ts";
import { about, go, outline, planned, type Spec, stage } from "../testing/stage.ts";

const [A, B, C] = ["1.1.1", "1.1.2", "1.1.3"] as const;
const paid = (log: TestLog, task: string) => go(log, task, "assign", "start", "execute", "settle");
const amend = (log: TestLog, task: string, spec: Spec = {}, by: AccountId = ACCOUNTS.owner): string => {
  const { re: _re, ...body } = planned({ id: "1.1" }, task, spec);
  log.say(body, by);
  return log.outcome;
};
const withdraw = (log: TestLog, task_id: string, by: AccountId = ACCOUNTS.owner): string => {
  log.say({ v: 1, type: "task_withdrawn", task_id, payload: { reason: "no need" } }, by);
  return log.outcome;
};
const state = (log: TestLog, task: string) => log.task(task).state;

describe("a task that the owner adds", () => {
  test("is assigned and paid like any other, and the commit waits for it", () => {
    const log = stage({ [A]: {} });
    expect(amend(log, B, { depends_on: [A] })).toBe("accepted");
    expect(log.state.edition?.taskCount).toBe(2);
    paid(log, A);
    expect(log.owed("commit")).toEqual([]);
    paid(log, B);
    expect(log.owed("commit")).toHaveLength(1);
    expect(log.state.edition?.amendments).toMatchObject([{ task: B, change: "added" }]);
  });

  test("takes a commit back that was owed", () => {
    const log = paid(stage({ [A]: {} }), A);
    const commit = log.the("commit");
    amend(log, B);
    expect(log.owed("commit")).toEqual([]);
    expect(log.kinds(B)).toEqual(["assign"]);
    expect(log.state.obligations.has(commit.id)).toBe(false);
  });

  test("brings phases and sequences along that the outline has not", () => {
    const log = stage({ [A]: {} }, undefined, {
      phases: [{ id: "1", name: "One" }],
      sequences: [{ id: "1.1", name: "Alpha" }],
    });
    const steps = [
      { id: "1", name: "Uno" },
      { id: "2", name: "Two" },
      { id: "2.1", name: "Beta" },
    ];
    amend(log, "2.1.1", { steps });
    expect(log.state.edition?.phases.map(({ name }) => name)).toEqual(["One", "Two"]);
    expect(log.state.edition?.sequences.map(({ name }) => name)).toEqual(["Alpha", "Beta"]);
    expect(log.task("2.1.1").spec).not.toHaveProperty("steps");
  });

  test("may be a manual one, and fails with what it needs", () => {
    const log = stage({ [A]: {} });
    amend(log, B, { kind: "manual", role: "owner" });
    expect(log.kinds(B)).toEqual(["manual"]);
    withdraw(log, A);
    amend(log, C, { depends_on: [A] });
    expect(log.kinds(C)).toEqual(["fail"]);
  });

  test.each<[string, Spec, string]>([
    ["needs a task that is not there", { depends_on: ["9"] }, "refused: there is no task 9"],
    ["needs itself", { depends_on: [C] }, `refused: the dependencies of task ${C} go in a circle`],
    ["earns too much", { reward: 1_001n }, "refused: reward 1001 is over the limit of 1000"],
    ["earns nothing", { reward: 0n }, `refused: task ${C} has no reward`],
  ])("and that %s is refused", (_, spec, outcome) => {
    expect(amend(stage({ [A]: {} }), C, spec)).toBe(outcome);
  });

  test("is not anybody else's to add, nor before the plan is planned, nor after the commit", () => {
    const log = stage({ [A]: {} });
    expect(amend(log, B, {}, ACCOUNTS.coordinator)).toBe(
      "refused: it discharges nothing, and is not the owner's",
    );
    expect(amend(log, B, {}, ACCOUNTS.inference)).toStartWith("unauthorised");
    const early = new TestLog();
    early.say(MANIFEST, ACCOUNTS.owner);
    expect(amend(early, B)).toBe("refused: there is no edition at work");
    const plan = early.the("plan");
    early.discharge(plan, outline(plan, { tasks: 1 }));
    expect(amend(early, B)).toBe("refused: edition 1 is still being planned");
    paid(log, A);
    perform(log, log.the("commit"));
    expect(amend(log, B)).toBe("refused: there is no edition at work");
  });
});

describe("a task that the owner changes", () => {
  test("is another from now on, if it was not begun", () => {
    const log = stage({ [A]: { reward: 10n } });
    expect(amend(log, A, { reward: 20n, name: "Better" })).toBe("accepted");
    expect(log.task(A)).toMatchObject({ state: "pending", index: 1, spec: { reward: 20n, name: "Better" } });
    expect(log.kinds(A)).toEqual(["assign"]);
    expect(log.state.edition?.taskCount).toBe(1);
    paid(log, A);
    expect(log.task(A).payment?.amount).toBe(20n);
  });

  test("begins anew if it was begun; what was begun comes to nothing", () => {
    const log = go(stage({ [A]: {} }), A, "assign", "start");
    const old = log.the("execute");
    amend(log, A, { reward: 7n });
    expect(log.task(A)).toMatchObject({ state: "pending", attempt: 0, agent: null });
    log.discharge(old, { ...about(old), type: "task_result", payload: { status: "completed" } });
    expect(log.outcome).toBe(`refused: obligation ${old.id} is not open`);
    paid(log, A);
    expect(log.task(A).payment?.amount).toBe(7n);
  });

  test("is untouched once its result is in or paid", () => {
    const log = go(stage({ [A]: {}, [B]: {} }), A, "assign", "start", "execute");
    expect(amend(log, A, { reward: 7n })).toBe(`refused: the result of task ${A} is in`);
    go(log, A, "settle");
    expect(amend(log, A, { reward: 7n })).toBe(`refused: task ${A} is paid`);
    expect(log.task(A).payment?.amount).toBe(10n);
  });

  test("is tried again if it had failed", () => {
    const log = stage({ [A]: {}, [B]: {} });
    withdraw(log, A);
    expect(amend(log, A, { reward: 7n })).toBe("accepted");
    paid(log, A);
    expect(state(log, A)).toBe("paid");
  });

  test("may not wait for what waits for it", () => {
    const log = stage({ [A]: {}, [B]: { depends_on: [A] } });
    expect(amend(log, A, { depends_on: [B] })).toBe(`refused: the dependencies of task ${A} go in a circle`);
  });
});

describe("a task that the owner withdraws", () => {
  test("is not paid, nor is what depends on it, and the rest goes on to the commit", () => {
    const log = stage({ [A]: {}, [B]: {}, [C]: { depends_on: [B] } });
    expect(withdraw(log, B)).toBe("accepted");
    expect(log.task(B)).toMatchObject({ state: "failed", reason: "withdrawn: no need" });
    expect(log.kinds(B)).toEqual([]);
    go(log, C, "fail");
    paid(log, A);
    expect(log.owed("commit")).toHaveLength(1);
    expect(log.state.edition?.payments).toBe(1);
  });

  test("while an agent works on it is taken from the agent", () => {
    const log = go(stage({ [A]: {}, [B]: {} }), A, "assign", "start");
    const old = log.the("execute");
    withdraw(log, A);
    log.discharge(old, { ...about(old), type: "task_result", payload: { status: "completed" } });
    expect(log.outcome).toStartWith("refused");
    expect(state(log, A)).toBe("failed");
  });

  test("is not withdrawn once its result is in, twice, or by anybody else", () => {
    const log = go(stage({ [A]: {}, [B]: {} }), A, "assign", "start", "execute");
    expect(withdraw(log, A)).toBe(`refused: the result of task ${A} is in`);
    expect(withdraw(log, B, ACCOUNTS.coordinator)).toStartWith("unauthorised");
    withdraw(log, B);
    expect(withdraw(log, B)).toBe(`refused: task ${B} has failed already`);
    expect(withdraw(log, "9")).toBe("refused: there is no task 9");
  });

  test("as the last one that was open, the edition is finished", () => {
    const log = stage({ [A]: {} });
    withdraw(log, A);
    expect(log.owed("commit")).toHaveLength(1);
  });
});
