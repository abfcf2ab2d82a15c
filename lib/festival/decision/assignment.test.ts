import { describe, expect, test } from "bun:test";
import { ACCOUNTS, type TestLog } from "../testing/log.ts";
import { perform } from "../testing/player.ts";
import { go, manifestWith, stage } from "../testing/stage.ts";
import { assignTask, failTask, replaceAgent, taskOf } from "./assignment.ts";

const TASK = "1.1.1";
const TWO = manifestWith({ inference: { "inference-001": ACCOUNTS.inference, "inference-002": "0.0.1013" } });
const nobody = manifestWith({ inference: undefined });

/** A decision must be one that the fold accepts. */
function accepts(log: TestLog, kind: "assign" | "watch" | "fail"): string {
  const owed = log.the(kind);
  const body = { assign: assignTask, watch: replaceAgent, fail: failTask }[kind](log.state, owed);
  if (body === null) return "nothing to say";
  log.discharge(owed, body);
  return log.outcome;
}

describe("an assignment", () => {
  test("is the first attempt, for the lease of the task or the manifest", () => {
    const log = stage({ [TASK]: {} });
    const owed = log.the("assign");
    expect(assignTask(log.state, owed)).toEqual({
      v: 1,
      type: "task_assignment",
      re: owed.id,
      task_id: TASK,
      to: "inference-001",
      payload: { attempt: 1, lease_seconds: 60 },
    });
    const long = stage({ [TASK]: { lease_seconds: 600 } });
    expect(assignTask(long.state, long.the("assign"))?.payload.lease_seconds).toBe(600);
    expect(accepts(log, "assign")).toBe("accepted");
  });

  test("waits as long as nobody plays the task's role", () => {
    const log = stage({ [TASK]: { role: "poet" } });
    expect(assignTask(log.state, log.the("assign"))).toBeNull();
  });

  test("is shared out even where several are decided before one has landed", () => {
    const log = stage({ [TASK]: {}, "1.1.2": {}, "1.1.3": {}, "1.2.1": { role: "defi" } }, TWO);
    const owed = [...log.state.obligations.values()].filter(({ kind }) => kind === "assign");
    expect(owed.map((one) => assignTask(log.state, one)?.to)).toEqual([
      "inference-001",
      "inference-002",
      "inference-001",
      "defi-001",
    ]);
  });

  test("goes to who has had less, where nobody has anything to do", () => {
    const log = go(stage({ [TASK]: {}, "1.1.2": {} }, TWO), TASK, "assign", "start", "execute", "settle");
    expect(assignTask(log.state, log.the("assign"))?.to).toBe("inference-002");
  });

  test("goes to who has least to do", () => {
    const log = stage({ [TASK]: {}, "1.1.2": {} }, TWO);
    go(log, TASK, "assign");
    expect(assignTask(log.state, log.the("assign"))?.to).toBe("inference-002");
  });
});

describe("a lease that ran out", () => {
  const late = (manifest = TWO) => {
    const log = go(stage({ [TASK]: {} }, manifest), TASK, "assign", "start");
    log.advance(61);
    return log;
  };

  test("is another attempt, by another agent if there is one", () => {
    const log = late();
    expect(replaceAgent(log.state, log.the("watch"))).toMatchObject({
      type: "task_reassigned",
      to: "inference-002",
      payload: { attempt: 2, lease_seconds: 60, reason: "lease expired" },
    });
    const alone = late(manifestWith({}));
    expect(replaceAgent(alone.state, alone.the("watch"))).toMatchObject({ to: "inference-001" });
    expect(accepts(log, "watch")).toBe("accepted");
  });

  test("waits while nobody could take over", () => {
    const log = late();
    log.say(nobody, ACCOUNTS.owner);
    expect(replaceAgent(log.state, log.the("watch"))).toBeNull();
  });

  test("is the end of the task after the last attempt, even if nobody is left", () => {
    const log = late();
    for (const _ of [2, 3]) {
      expect(accepts(log, "watch")).toBe("accepted");
      log.advance(61);
    }
    log.say(nobody, ACCOUNTS.owner);
    const body = replaceAgent(log.state, log.the("watch"));
    expect(body).toMatchObject({ type: "task_failed", payload: { attempt: 3, reason: "lease expired" } });
    expect(accepts(log, "watch")).toBe("accepted");
    expect(log.task(TASK).state).toBe("failed");
  });
});

describe("a failure", () => {
  const reason = (log: TestLog, id: string) => failTask(log.state, log.the("fail", id))?.payload.reason;

  test("is told by the criteria that were not met", () => {
    const log = go(stage({ [TASK]: { gate: { mape: { max: 1 } } } }), TASK, "assign", "start", "execute");
    for (const last of [false, false, true]) {
      const owed = log.the("settle");
      const criteria = [
        { name: "completed", passed: true },
        { name: "mape", passed: false },
      ];
      const payload = { attempt: 1, passed: false as const, criteria };
      log.discharge(owed, { v: 1, type: "quality_gate", re: owed.id, task_id: TASK, payload });
      if (!last) go(log, TASK, "execute");
    }
    expect(reason(log, TASK)).toBe("rejected 3 times: mape");
    expect(accepts(log, "fail")).toBe("accepted");
  });

  test("is told by what failed before, or that it can never begin", () => {
    const log = stage({ [TASK]: { depends_on: [TASK] }, "1.1.2": { uses: { a: TASK } } });
    expect(reason(log, TASK)).toBe("its dependencies can never be met");
    perform(log, log.the("fail", TASK));
    expect(reason(log, "1.1.2")).toBe("it needs 1.1.1, which failed");
  });

  test("is told in at most 200 letters", () => {
    const ids = Array.from({ length: 12 }, (_, index) => `${"x".repeat(20)}${index}`);
    const circle = Object.fromEntries(ids.map((id) => [id, { depends_on: [id] }]));
    const log = stage({ ...circle, last: { depends_on: ids } });
    for (const id of ids) perform(log, log.the("fail", id));
    expect(reason(log, "last")).toHaveLength(200);
    expect(accepts(log, "fail")).toBe("accepted");
  });
});

test("an obligation without a task, or of a task that is not there, has none", () => {
  const log = stage({ [TASK]: {} });
  const owed = log.the("assign");
  expect(taskOf(log.state, { ...owed, taskId: null })).toBeUndefined();
  for (const decide of [assignTask, replaceAgent, failTask]) {
    expect(decide(log.state, { ...owed, taskId: "9.9.9" })).toBeNull();
  }
});
