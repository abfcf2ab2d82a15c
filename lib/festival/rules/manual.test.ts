import { describe, expect, test } from "bun:test";
import type { AccountId } from "../../hedera/id.ts";
import { addSeconds } from "../../hedera/timestamp.ts";
import { needsTick } from "../duty.ts";
import type { Body } from "../entry/entry.ts";
import { ACCOUNTS, type TestLog } from "../testing/log.ts";
import { about, go, type Spec, stage } from "../testing/stage.ts";

const TASK = "1.1.1";
const MANUAL = { kind: "manual", role: "owner" } as const;
const begin = (spec: Spec = {}) => stage({ [TASK]: { ...MANUAL, ...spec } });
const answer = (
  log: TestLog,
  payload: Partial<Body<"task_result">["payload"]> = {},
  by: AccountId = ACCOUNTS.owner,
) =>
  log.say(
    {
      ...about(log.the("manual", TASK)),
      type: "task_result",
      payload: { status: "completed", ...payload },
    },
    by,
  );

describe("a manual task", () => {
  test("waits for the owner, with no agent, lease or assignment", () => {
    const log = begin();
    expect(log.kinds(TASK)).toEqual(["manual"]);
    expect(log.the("manual").payer).toBe(ACCOUNTS.owner);
    expect(log.task(TASK)).toMatchObject({ state: "assigned", agent: "owner", attempt: 1, began: log.now });
  });

  test("waits until what it depends on is paid", () => {
    const log = stage({ [TASK]: {}, "1.1.2": { ...MANUAL, depends_on: [TASK] } });
    expect(log.owed("manual")).toEqual([]);
    go(log, TASK, "assign", "start", "execute", "settle");
    expect(log.the("manual").taskId).toBe("1.1.2");
  });

  test("is answered under any transaction id of the owner's, once, and paid to the owner", () => {
    const log = begin({ reward: 30n });
    const { id } = log.the("manual");
    answer(log);
    expect(log.outcome).toBe("accepted");
    expect(log.task(TASK)).toMatchObject({ state: "review", result: { account: ACCOUNTS.owner } });
    const again = { v: 1 as const, re: id, task_id: TASK };
    log.say({ ...again, type: "task_result", payload: { status: "completed" } }, ACCOUNTS.owner);
    expect(log.outcome).toBe(`refused: obligation ${id} is not open`);
    go(log, TASK, "settle");
    expect(log.task(TASK)).toMatchObject({
      state: "paid",
      payment: { account: ACCOUNTS.owner, amount: 30n },
    });
  });

  test.each([ACCOUNTS.inference, ACCOUNTS.coordinator, ACCOUNTS.stranger])("is not %s's to answer", (who) => {
    const log = begin();
    answer(log, {}, who);
    expect(log.outcome).toMatch(/^(unauthorised|refused)/);
    expect(log.task(TASK).state).toBe("assigned");
  });

  test("goes back to the owner after a failed gate, until no attempt is left", () => {
    const log = begin({ gate: { pages: { min: 3 } } });
    for (const attempt of [1, 2, 3]) {
      expect(log.task(TASK)).toMatchObject({ state: "assigned", attempt });
      answer(log, { metrics: { pages: 1 } });
      const owed = log.the("settle");
      const payload = { attempt, passed: false as const, criteria: [{ name: "pages", passed: false }] };
      log.discharge(owed, { ...about(owed), type: "quality_gate", payload });
    }
    expect(log.kinds(TASK)).toEqual(["fail"]);
  });

  test("fails when its deadline passes, and what the owner says then does not count", () => {
    const log = begin({ deadline_seconds: 60 });
    const { id } = log.the("manual");
    const owed = log.the("expire");
    log.advance(61);
    log.discharge(owed, { ...about(owed), type: "task_failed", payload: { attempt: 1, reason: "late" } });
    const late = { v: 1 as const, re: id, task_id: TASK };
    log.say({ ...late, type: "task_result", payload: { status: "completed" } }, ACCOUNTS.owner);
    expect(log.outcome).toBe(`refused: obligation ${id} is not open`);
    expect(log.kinds(TASK)).toEqual([]);
  });

  test("costs nothing while it waits: no ticks, however long", () => {
    const log = begin();
    expect(needsTick(log.state, addSeconds(log.now, 86_400))).toBe(false);
    const busy = stage({ [TASK]: {} });
    expect(needsTick(busy.state, addSeconds(busy.now, 86_400))).toBe(true);
  });

  test("stays the owner's under every manifest", () => {
    const log = begin();
    const owed = log.the("manual");
    const roles = { coordinator: { coordinator: "0.0.1099" as const } };
    const { manifest } = log.state;
    if (manifest !== null)
      log.say({ v: 1, type: "manifest", payload: { ...manifest, roles } }, ACCOUNTS.owner);
    expect(log.outcome).toBe("accepted");
    expect(log.the("manual")).toEqual(owed);
  });
});
