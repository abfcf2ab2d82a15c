import { expect, test } from "bun:test";
import { addSeconds } from "../../hedera/timestamp.ts";
import { failTask } from "../decision/assignment.ts";
import { ACCOUNTS, TestLog } from "../testing/log.ts";
import { begin, play } from "../testing/player.ts";

const TASK = "1.1.3";

/** A festival of which everything is planned; its third task has 600 s from the edition's start. */
function planned(): TestLog {
  const log = new TestLog();
  begin(log);
  for (let move = 0; move < 6; move++) play(log, { pick: 0, way: 0, wait: 0 });
  return log;
}

function expiryOf(log: TestLog) {
  return log.owed("expire").find(({ taskId }) => taskId === TASK);
}

test("a deadline is owed from the edition's start, and the network takes nothing before", () => {
  const log = planned();
  const started = log.state.edition?.started ?? 0n;
  const due = expiryOf(log)?.due ?? 0n;
  expect(due >= addSeconds(started, 600)).toBe(true);
  expect(due < addSeconds(started, 602)).toBe(true);
});

test("a task without a result by its deadline fails with the reason, and its dependants are told", () => {
  const log = planned();
  log.advance(601);
  const owed = expiryOf(log);
  const body = owed && failTask(log.state, owed);
  if (!owed || !body) throw new Error("nothing is owed");
  expect(log.discharge(owed, body).verdict?.kind).toBe("accepted");
  expect(log.state.edition?.tasks.get(TASK)).toMatchObject({
    state: "failed",
    reason: "no result within 600 s of the edition's start",
  });
  expect(log.owed("fail").map(({ taskId }) => taskId)).toContain("1.1.4");
});

test("a result takes the deadline away, a failed gate brings back what is left of it", () => {
  const log = planned();
  for (let move = 0; log.state.edition?.tasks.get(TASK)?.state !== "review" && move < 200; move++) {
    play(log, { pick: 0, way: 1, wait: 0 });
  }
  expect(log.state.edition?.tasks.get(TASK)?.state).toBe("review");
  expect(expiryOf(log)).toBeUndefined();
  const settle = log.owed("settle").find(({ taskId }) => taskId === TASK);
  if (settle === undefined) throw new Error("no settlement is owed");
  const payload = { attempt: 1, passed: false as const, criteria: [] };
  log.discharge(settle, { v: 1, type: "quality_gate", re: settle.id, task_id: TASK, payload });
  const started = log.state.edition?.started ?? 0n;
  expect((expiryOf(log)?.due ?? 0n) < addSeconds(started, 602)).toBe(true);
  expect(expiryOf(log)?.payer).toBe(ACCOUNTS.coordinator);
});
