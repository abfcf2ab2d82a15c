import { describe, expect, test } from "bun:test";
import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import type { Body } from "../entry/entry.ts";
import { effectId, FAILURE_PART, type Obligation, windowAt } from "../obligation.ts";
import { ACCOUNTS, MANIFEST, type TestLog } from "../testing/log.ts";
import { perform } from "../testing/player.ts";
import { about, go, manifestWith, stage } from "../testing/stage.ts";
import { attemptsLeft, SETTLED_PART, TRANSFER_PART } from "./work.ts";

const TASK = "1.1.1";
const TWO = manifestWith({ inference: { "inference-001": ACCOUNTS.inference, "inference-002": "0.0.1013" } });
const due = (log: TestLog, seconds: number): Timestamp => addSeconds(log.now - (log.now % 1_000n), seconds);

type Result = Body<"task_result">["payload"];

const assign = (owed: Obligation, changes: object = {}): Body<"task_assignment"> => ({
  ...about(owed),
  type: "task_assignment",
  to: "inference-001",
  payload: { attempt: 1, lease_seconds: 60 },
  ...changes,
});
const deliver = (log: TestLog, payload: Result) => {
  const owed = log.the("execute", TASK);
  return log.discharge(owed, { ...about(owed), type: "task_result", payload });
};
const reassign = (owed: Obligation, to: string, attempt: number): Body<"task_reassigned"> => ({
  ...about(owed),
  type: "task_reassigned",
  to,
  payload: { attempt, lease_seconds: 60, reason: "lease expired" },
});

describe("a task on its way from plan to payment", () => {
  const log = stage({ [TASK]: { reward: 30n } });
  test.each([
    ["assign", "assigned", ["execute", "start", "watch"]],
    ["start", "in_progress", ["execute", "start", "watch"]],
    ["execute", "review", ["settle"]],
    ["settle", "paid", []],
  ] as const)("by %s becomes %s", (kind, state, owed) => {
    go(log, TASK, kind);
    expect(log.task(TASK)).toMatchObject({ state, changed: log.now });
    expect(log.kinds(TASK)).toEqual([...owed]);
  });

  test("was paid once: its reward, to the account that did it, by the transfer of the batch", () => {
    const { payment, attempt, agent } = log.task(TASK);
    expect({ attempt, agent }).toEqual({ attempt: 1, agent: "inference-001" });
    expect(payment).toMatchObject({
      account: ACCOUNTS.inference,
      amount: 30n,
      sequence: log.messages.length,
    });
    expect(log.state.edition).toMatchObject({ payments: 1, amount: 30n });
  });
});

describe("an assignment", () => {
  test.each<[string, object, string]>([
    ["an agent that is not there", { to: "nobody" }, "refused: there is no agent nobody"],
    ["an agent of another role", { to: "defi-001" }, "refused: defi-001 is no inference agent"],
    [
      "an attempt too far",
      { payload: { attempt: 2, lease_seconds: 60 } },
      "refused: attempt 1 is next, not 2",
    ],
  ])("to %s is refused", (_, changes, outcome) => {
    const log = stage({ [TASK]: {} });
    const owed = log.the("assign");
    log.discharge(owed, assign(owed, changes));
    expect(log.outcome).toBe(outcome);
    expect(log.task(TASK).state).toBe("pending");
  });

  test("states the lease, after which somebody looks", () => {
    const log = stage({ [TASK]: {} });
    const owed = log.the("assign");
    log.discharge(owed, assign(owed, { payload: { attempt: 1, lease_seconds: 90 } }));
    expect(log.task(TASK)).toMatchObject({ leaseSeconds: 90, began: log.now });
    expect(log.the("watch")).toMatchObject({ due: due(log, 90), payer: ACCOUNTS.coordinator });
  });
});

describe("a sign of work", () => {
  test("renews the lease, and is due again half of it later", () => {
    const log = go(stage({ [TASK]: {} }), TASK, "assign");
    log.advance(20);
    go(log, TASK, "start");
    expect(log.the("watch").due).toBe(due(log, 60));
    expect(log.the("start").due).toBe(due(log, 30));
  });

  test("goes on in an attempt after the first", () => {
    const log = go(stage({ [TASK]: {} }), TASK, "assign", "start", "execute");
    perform(log, log.the("settle"), 3);
    expect(log.kinds(TASK)).toEqual(["execute", "start", "watch"]);
    expect(log.the("start").due).toBe(due(log, 30));
    expect(log.the("watch").due).toBe(due(log, 60));
  });

  test("does not hurry where a lease is a second short", () => {
    const log = stage({ [TASK]: { lease_seconds: 1 } });
    const owed = log.the("assign");
    log.discharge(owed, assign(owed, { payload: { attempt: 1, lease_seconds: 1 } }));
    go(log, TASK, "start");
    expect(log.the("start").due).toBe(due(log, 1));
  });
});

describe("a lease that ran out", () => {
  const late = () => {
    const log = go(stage({ [TASK]: {} }, TWO), TASK, "assign", "start");
    log.advance(61);
    return log;
  };

  test("gives the task to another agent, and what the first owed is over", () => {
    const log = late();
    const [execute, start, watch] = [log.the("execute"), log.the("start"), log.the("watch")];
    log.discharge(watch, reassign(watch, "inference-002", 2));
    expect(log.task(TASK)).toMatchObject({ state: "assigned", agent: "inference-002", attempt: 2 });
    expect(log.kinds(TASK)).toEqual(["execute", "start", "watch"]);
    for (const old of [execute, start]) {
      perform(log, old);
      expect(log.outcome).toBe(`refused: obligation ${old.id} is not open`);
    }
    expect(log.task(TASK).result).toBeNull();
    expect(log.the("execute").payer).toBe("0.0.1013");
  });

  test("may give it to the same agent again: the late result of the first attempt counts for nothing", () => {
    const log = late();
    const [execute, watch] = [log.the("execute"), log.the("watch")];
    log.discharge(watch, reassign(watch, "inference-001", 2));
    perform(log, execute);
    expect(log.outcome).toBe(`refused: obligation ${execute.id} is not open`);
    go(log, TASK, "start", "execute", "settle");
    expect(log.task(TASK)).toMatchObject({ state: "paid", attempt: 2 });
  });

  test.each<[string, string, number, string]>([
    ["nobody", "nobody", 2, "refused: there is no agent nobody"],
    ["another role", "desk-001", 2, "refused: desk-001 is no inference agent"],
    ["the same attempt", "inference-002", 1, "refused: attempt 2 is next, not 1"],
  ])("is not mended by %s", (_, to, attempt, outcome) => {
    const log = late();
    const watch = log.the("watch");
    log.discharge(watch, reassign(watch, to, attempt));
    expect(log.outcome).toBe(outcome);
    expect(log.task(TASK)).toMatchObject({ agent: "inference-001", attempt: 1 });
  });

  test("is over for good when the attempts are", () => {
    const log = late();
    for (const attempt of [2, 3]) {
      const watch = log.the("watch");
      log.discharge(watch, reassign(watch, "inference-002", attempt));
    }
    expect(attemptsLeft(log.state, log.task(TASK))).toBe(0);
    const watch = log.the("watch");
    log.discharge(watch, reassign(watch, "inference-002", 4));
    expect(log.outcome).toBe(`refused: task ${TASK} has no attempts left`);
    perform(log, watch);
    expect(log.task(TASK).state).toBe("failed");
    expect(log.kinds(TASK)).toEqual([]);
  });

  test("counts no more once a result is in", () => {
    const log = late();
    const watch = log.the("watch");
    go(log, TASK, "execute");
    log.discharge(watch, reassign(watch, "inference-002", 2));
    expect(log.outcome).toBe(`refused: obligation ${watch.id} is not open`);
    expect(log.task(TASK)).toMatchObject({ state: "review", agent: "inference-001" });
  });
});

describe("a result", () => {
  test("is kept with its entry and its account, complete or failed", () => {
    const log = go(stage({ [TASK]: {} }), TASK, "assign", "start");
    const payload: Result = { status: "failed", error: "no rates", metrics: { hours: 3 } };
    deliver(log, payload);
    const { sequence, timestamp } = log.state.head ?? { sequence: 0, timestamp: 0n };
    expect(log.task(TASK).result).toEqual({ sequence, timestamp, account: ACCOUNTS.inference, payload });
    expect(log.state.edition?.leaves).toHaveLength(1);
  });

  test("needs no sign of work before it", () => {
    const log = go(stage({ [TASK]: {} }), TASK, "assign", "execute");
    expect(log.task(TASK).state).toBe("review");
    expect(log.kinds(TASK)).toEqual(["settle"]);
  });
});

describe("a result that fails its gate", () => {
  const criteria = [{ name: "mape", passed: false, value: 30, limit: "at most 25" }];
  const reject = (log: TestLog) => {
    const owed = log.the("settle");
    const payload = { attempt: log.task(TASK).attempt, passed: false as const, criteria };
    log.discharge(owed, { ...about(owed), type: "quality_gate", payload });
  };

  test("goes back to its agent with the reasons, for the next attempt", () => {
    const log = go(stage({ [TASK]: {} }), TASK, "assign", "start", "execute");
    reject(log);
    expect(log.task(TASK)).toMatchObject({
      state: "in_progress",
      attempt: 2,
      agent: "inference-001",
      criteria,
      began: log.now,
      payment: null,
    });
    go(log, TASK, "execute", "settle");
    expect(log.task(TASK).state).toBe("paid");
  });

  test("fails the task when the attempts are over, and is never paid", () => {
    const log = go(stage({ [TASK]: {} }), TASK, "assign", "start", "execute");
    for (let attempt = 1; attempt <= 3; attempt++) {
      reject(log);
      expect(log.outcome).toBe("accepted");
      if (attempt < 3) go(log, TASK, "execute");
    }
    expect(log.kinds(TASK)).toEqual(["fail"]);
    perform(log, log.the("fail"));
    expect(log.task(TASK)).toMatchObject({ state: "failed", criteria, payment: null });
    expect(log.kinds()).toEqual(["commit"]);
  });
});

describe("a payment", () => {
  const reviewed = () => go(stage({ [TASK]: { reward: 30n } }, TWO), TASK, "assign", "start", "execute");
  const pay = (
    owed: Obligation,
    changes: object = {},
    to = "inference-001",
    k = 0,
  ): Body<"payment_settled"> => ({
    ...about(owed),
    type: "payment_settled",
    to,
    payload: {
      amount: 30n,
      token_id: MANIFEST.payload.token,
      transfer: effectId(owed, k, TRANSFER_PART),
      criteria: [{ name: "completed", passed: true }],
      ...changes,
    },
  });

  test.each<[string, (owed: Obligation) => Body<"payment_settled">, string]>([
    [
      "to somebody else",
      (owed) => pay(owed, {}, "inference-002"),
      "refused: task 1.1.1 was done by inference-001",
    ],
    ["to nobody", (owed) => pay(owed, {}, "nobody"), "refused: task 1.1.1 was done by inference-001"],
    [
      "of more than the reward",
      (owed) => pay(owed, { amount: 31n }),
      "refused: the reward of task 1.1.1 is 30",
    ],
    [
      "of less than the reward",
      (owed) => pay(owed, { amount: 29n }),
      "refused: the reward of task 1.1.1 is 30",
    ],
    [
      "in another token",
      (owed) => pay(owed, { token_id: "0.0.9" }),
      "refused: payments are made in 0.0.2001",
    ],
    [
      "by a transfer from elsewhere",
      (owed) => pay(owed, { transfer: { payer: owed.payer, validStart: owed.base } }),
      "refused: its transfer is not the one of its batch",
    ],
    [
      "by a transfer of another window",
      (owed) => pay(owed, { transfer: effectId(owed, 1, TRANSFER_PART) }),
      "refused: its transfer is not the one of its batch",
    ],
  ])("%s is refused", (_, body, outcome) => {
    const log = reviewed();
    const owed = log.the("settle");
    log.discharge(owed, body(owed), SETTLED_PART);
    expect(log.outcome).toBe(outcome);
    expect(log.task(TASK)).toMatchObject({ state: "review", payment: null });
    expect(log.state.edition?.payments).toBe(0);
  });

  test.each([0, TRANSFER_PART, 3, FAILURE_PART])("outside of its batch, as part %d, is refused", (part) => {
    const log = reviewed();
    const owed = log.the("settle");
    log.discharge(owed, pay(owed), part);
    expect(log.outcome).toBe(`refused: its transaction id is not derived from obligation ${owed.id}`);
  });

  test("of a task that nobody did is refused", () => {
    const log = stage({ [TASK]: {} });
    const owed = log.the("assign");
    log.discharge(owed, pay(owed), SETTLED_PART);
    expect(log.outcome).toBe(`refused: payment_settled does not discharge assign ${owed.id}`);
  });

  test("counts in a later window, too, with that window's transfer", () => {
    const log = reviewed();
    log.advance(500);
    log.say({ v: 1, type: "tick" }, ACCOUNTS.coordinator);
    const owed = log.the("settle");
    const k = windowAt(owed, log.now);
    expect(k).toBe(2);
    log.discharge(owed, pay(owed, {}, undefined, k), SETTLED_PART);
    expect(log.task(TASK).state).toBe("paid");
  });

  test("that failed is owed again after the wait that it states, and then settles", () => {
    const log = reviewed();
    for (const [tries, retry_seconds] of [
      [1, 5],
      [2, 10],
    ] as const) {
      const owed = log.the("settle");
      const payload = { status: "INSUFFICIENT_TOKEN_BALANCE", retry_seconds };
      log.discharge(owed, { ...about(owed), type: "payment_failed", payload }, FAILURE_PART);
      expect(log.task(TASK)).toMatchObject({
        state: "complete",
        reason: "INSUFFICIENT_TOKEN_BALANCE",
        failedPayments: tries,
      });
      expect(log.the("settle").due).toBe(due(log, retry_seconds));
      log.advance(retry_seconds);
    }
    go(log, TASK, "settle");
    expect(log.task(TASK)).toMatchObject({ state: "paid", reason: null });
    expect(log.state.edition).toMatchObject({ payments: 1, amount: 30n });
  });

  test("cannot be said to have failed under any id but the one for that", () => {
    const log = reviewed();
    const owed = log.the("settle");
    const payload = { status: "X", retry_seconds: 5 };
    log.discharge(owed, { ...about(owed), type: "payment_failed", payload });
    expect(log.outcome).toStartWith("refused: its transaction id is not derived");
  });
});

describe("a task that failed", () => {
  test("takes with it what depends on it, one after the other, and nothing else", () => {
    const log = stage({
      [TASK]: {},
      "1.1.2": { depends_on: [TASK] },
      "1.1.3": { uses: { a: "1.1.2" }, depends_on: [TASK] },
      "1.1.4": {},
    });
    go(log, TASK, "assign", "start", "execute");
    for (let attempt = 1; attempt <= 3; attempt++) {
      perform(log, log.the("settle"), 3);
      if (attempt < 3) go(log, TASK, "execute");
    }
    perform(log, log.the("fail", TASK));
    expect(log.owed("fail").map(({ taskId }) => taskId)).toEqual(["1.1.2", "1.1.3"]);
    perform(log, log.the("fail", "1.1.2"));
    expect(log.owed("fail").map(({ taskId }) => taskId)).toEqual(["1.1.3"]);
    perform(log, log.the("fail", "1.1.3"));
    expect(log.owed("commit")).toEqual([]);
    go(log, "1.1.4", "assign", "start", "execute", "settle");
    const states = [...(log.state.edition?.tasks.values() ?? [])].map(({ state }) => state);
    expect(states).toEqual(["failed", "failed", "failed", "paid"]);
    expect(log.the("commit")).toBeDefined();
  });
});

test("a task keeps who let its lease run out, in order, to the end", () => {
  const log = go(stage({ [TASK]: {} }, TWO), TASK, "assign", "start");
  for (const [to, attempt] of [
    ["inference-002", 2],
    ["inference-001", 3],
  ] as const) {
    log.advance(61);
    const owed = log.the("watch");
    log.discharge(owed, reassign(owed, to, attempt));
  }
  log.advance(61);
  const owed = log.the("watch");
  const payload = { attempt: 3, reason: "lease expired" };
  log.discharge(owed, { ...about(owed), type: "task_failed", payload });
  expect(log.task(TASK)).toMatchObject({
    state: "failed",
    missed: ["inference-001", "inference-002", "inference-001"],
  });
});
