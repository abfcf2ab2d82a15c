import { describe, expect, test } from "bun:test";
import { type Body, encodeEntry } from "../entry/entry.ts";
import { effectId, FAILURE_PART } from "../obligation.ts";
import { SETTLED_PART, TRANSFER_PART } from "../rules/work.ts";
import { ACCOUNTS, type TestLog } from "../testing/log.ts";
import { about, go, type Spec, stage } from "../testing/stage.ts";
import { failPayment, settleTask } from "./settlement.ts";

const TASK = "1.1.1";

function delivered(spec: Spec, payload: Body<"task_result">["payload"]): TestLog {
  const log = go(stage({ [TASK]: spec }), TASK, "assign", "start");
  const owed = log.the("execute");
  log.discharge(owed, { ...about(owed), type: "task_result", payload });
  return log;
}
function settle(log: TestLog, evidence: { name: string; passed: boolean }[] = []) {
  const owed = log.the("settle");
  const settlement = settleTask(log.state, owed, evidence, effectId(owed, 0, TRANSFER_PART));
  return settlement?.kind === "schedule" ? null : settlement;
}

describe("a result that passed", () => {
  test("is paid: reward, token and transfer in one entry, to the account that it came from", () => {
    const log = delivered(
      { reward: 30n, gate: { mape: { max: 25 } } },
      { status: "completed", metrics: { mape: 3 } },
    );
    const owed = log.the("settle");
    const settlement = settle(log, [{ name: "recomputed", passed: true }]);
    expect(settlement).toEqual({
      kind: "pay",
      account: ACCOUNTS.inference,
      body: {
        v: 1,
        type: "payment_settled",
        re: owed.id,
        task_id: TASK,
        to: "inference-001",
        payload: {
          amount: 30n,
          token_id: "0.0.2001",
          transfer: effectId(owed, 0, TRANSFER_PART),
          criteria: [
            { name: "completed", passed: true },
            { name: "mape", passed: true, value: 3, limit: "at most 25" },
            { name: "recomputed", passed: true },
          ],
        },
      },
    });
    if (settlement) log.discharge(owed, settlement.body, SETTLED_PART);
    expect(log.task(TASK).state).toBe("paid");
  });

  test("is paid less for a hold, where the plan says so; the fold refuses anything else", () => {
    const spec = { reward: 30n, hold_reward: 10n };
    const log = delivered(spec, { status: "completed", metrics: { outcome: "held" } });
    const owed = log.the("settle");
    const settlement = settle(log);
    if (settlement?.kind !== "pay") throw new Error("it is not paid");
    expect(settlement.body.payload.amount).toBe(10n);
    const { body } = settlement;
    log.discharge(owed, { ...body, payload: { ...body.payload, amount: 30n } }, SETTLED_PART);
    expect(log.outcome).toBe(`refused: the reward of task ${TASK} is 10`);
    log.discharge(owed, body, SETTLED_PART);
    expect(log.task(TASK).payment?.amount).toBe(10n);
  });

  test.each([6, 11])(
    "is paid in an entry that keeps its batch under 1,350 bytes, with %d metrics",
    (count) => {
      const gate = Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`metric_${index}`, { min: 0 }]),
      );
      const metrics = Object.fromEntries(Object.keys(gate).map((name) => [name, 1.234567890123]));
      const settlement = settle(delivered({ gate }, { status: "completed", metrics }));
      expect(settlement?.kind).toBe("pay");
      expect(settlement && encodeEntry(settlement.body).length).toBeLessThanOrEqual(640);
      expect(settlement?.body.payload.criteria).toHaveLength(count + 1);
    },
  );
});

describe("a result that did not pass", () => {
  test.each<[string, Body<"task_result">["payload"], boolean, string]>([
    ["was not completed", { status: "failed", error: "no rates" }, true, "completed"],
    ["lacks a metric", { status: "completed" }, true, "mape"],
    ["is over a bound", { status: "completed", metrics: { mape: 26 } }, true, "mape"],
    ["is not what the work comes to", { status: "completed", metrics: { mape: 1 } }, false, "recomputed"],
  ])("because it %s goes back with the reason", (_, payload, recomputed, name) => {
    const log = delivered({ gate: { mape: { max: 25 } } }, payload);
    const settlement = settle(log, [{ name: "recomputed", passed: recomputed }]);
    expect(settlement).toMatchObject({
      kind: "reject",
      body: { type: "quality_gate", payload: { attempt: 1 } },
    });
    const failed = settlement?.body.payload.criteria.filter(({ passed }) => !passed) ?? [];
    expect(failed.map((criterion) => criterion.name)).toContain(name);
    if (settlement) log.discharge(log.the("settle"), settlement.body);
    expect(log.task(TASK)).toMatchObject({ state: "in_progress", attempt: 2 });
  });

  test("goes back even if its own words would have filled the entry", () => {
    const gate = Object.fromEntries(
      Array.from({ length: 4 }, (_, index) => [`m${index}`, { one_of: ["x".repeat(60)] }]),
    );
    const metrics = Object.fromEntries(Object.keys(gate).map((name) => [name, "y".repeat(200)]));
    const settlement = settle(delivered({ gate }, { status: "completed", metrics }));
    expect(settlement?.kind).toBe("reject");
    expect(settlement?.body.payload.criteria).toHaveLength(5);
  });
});

describe("a payment that failed", () => {
  test("is tried again after a wait that doubles from 5 seconds to 10 minutes", () => {
    const log = delivered({}, { status: "completed" });
    const waits = Array.from({ length: 10 }, () => {
      const owed = log.the("settle");
      const body = failPayment(log.state, owed, "INSUFFICIENT_TOKEN_BALANCE");
      if (body === null) throw new Error("there is a task");
      log.discharge(owed, body, FAILURE_PART);
      expect(log.outcome).toBe("accepted");
      log.advance(body.payload.retry_seconds);
      return body.payload.retry_seconds;
    });
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
  });

  test("after hundreds of tries still waits no longer", () => {
    const log = delivered({}, { status: "completed" });
    const edition = log.state.edition;
    const owed = log.the("settle");
    if (edition === null) throw new Error("there is an edition");
    const tasks = new Map([[TASK, { ...log.task(TASK), failedPayments: 2_000 }]]);
    const state = { ...log.state, edition: { ...edition, tasks } };
    expect(failPayment(state, owed, "BUSY")?.payload.retry_seconds).toBe(600);
  });
});

test("nothing is settled of a task that has no result, or is not there", () => {
  const log = stage({ [TASK]: {} });
  const owed = log.the("assign");
  const id = effectId(owed, 0, TRANSFER_PART);
  expect(settleTask(log.state, owed, [], id)).toBeNull();
  expect(settleTask(log.state, { ...owed, taskId: "9.9.9" }, [], id)).toBeNull();
  expect(failPayment(log.state, { ...owed, taskId: "9.9.9" }, "X")).toBeNull();
});
