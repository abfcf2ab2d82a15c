import { describe, expect, test } from "bun:test";
import { outlineOf } from "../plan/outline.ts";
import { planHash } from "../plan/plan.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../testing/log.ts";
import { go } from "../testing/stage.ts";
import { FEST, read, task } from "../testing/tree.ts";
import { commitEdition, planEdition, planTask } from "./planning.ts";

const many = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [`001_ONE/${10 + index}_sequence_of_the_plan/01_a.md`, task()]),
);
const PLAN = read({ ...many, "fest.yaml": `${FEST}recurrence:\n  every_seconds: 60\n` });

/** Plans an edition by the decisions alone. */
function plan(log: TestLog): void {
  const [start] = log.owed("plan");
  if (start === undefined) throw new Error("no plan is owed");
  log.advance(100);
  for (let owed = start; owed !== undefined; ) {
    const body = owed.kind === "plan" ? planEdition(log.state, PLAN, owed) : planTask(PLAN, owed);
    if (body === null) throw new Error(`nothing to say for ${owed.id}`);
    log.discharge(owed, body);
    if (log.outcome !== "accepted") throw new Error(log.outcome);
    const [next] = [...log.owed("plan"), ...log.owed("plan_task")];
    if (next === undefined) return;
    owed = next;
  }
}

describe("an edition", () => {
  const log = new TestLog();
  log.say(MANIFEST, ACCOUNTS.owner);

  test("is planned part by part and task by task, and arrives as the plan has it", () => {
    plan(log);
    const { edition } = log.state;
    expect(outlineOf(PLAN, 1).length).toBeGreaterThan(1);
    expect(edition).toMatchObject({ number: 1, name: "Test", taskCount: 30, everySeconds: 60 });
    expect(edition?.sequences).toEqual(PLAN.sequences);
    expect([...(edition?.tasks.values() ?? [])].map(({ id, spec }) => ({ id, spec }))).toEqual(
      PLAN.tasks.map(({ id, spec }) => ({ id, spec })),
    );
  });

  test("says which plan it is of", () => {
    const owed = { ...log.the("assign"), kind: "plan" as const };
    expect(planEdition({ ...log.state, edition: null }, PLAN, owed)?.payload.plan_sha256).toBe(
      planHash(PLAN),
    );
  });

  test("is committed with what the fold expects, and the next one is planned after it", () => {
    for (const { id } of PLAN.tasks) go(log, id, "assign", "start", "execute", "settle");
    const owed = log.the("commit");
    const body = commitEdition(log.state, owed, "0123abc");
    expect(body?.payload).toMatchObject({
      git_commit: "0123abc",
      tasks: { planned: 30, paid: 30, failed: 0 },
    });
    expect(commitEdition(log.state, owed, null)?.payload).not.toHaveProperty("git_commit");
    if (body) log.discharge(owed, body);
    expect(log.outcome).toBe("accepted");
    plan(log);
    expect(log.state.edition).toMatchObject({ number: 2, taskCount: 30 });
  });

  test("has no more parts and tasks than its plan", () => {
    const owed = log.the("assign");
    expect(planEdition(log.state, PLAN, { ...owed, index: 99 })).toBeNull();
    expect(planTask(PLAN, { ...owed, index: 31 })).toBeNull();
    expect(commitEdition({ ...log.state, edition: null }, owed, null)).toBeNull();
  });
});
