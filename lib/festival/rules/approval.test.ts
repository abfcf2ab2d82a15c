import { describe, expect, test } from "bun:test";
import type { AccountId, ScheduleId } from "../../hedera/id.ts";
import { addSeconds } from "../../hedera/timestamp.ts";
import { needsTick } from "../duty.ts";
import type { Body } from "../entry/entry.ts";
import { effectId } from "../obligation.ts";
import { ACCOUNTS, MANIFEST, type TestLog } from "../testing/log.ts";
import { about, go, stage } from "../testing/stage.ts";
import { APPROVAL_PART, approvalExpiry } from "./approval.ts";
import { SETTLED_PART, TRANSFER_PART } from "./work.ts";

const TASK = "1.1.1";
const SCHEDULE: ScheduleId = "0.0.4002";
const REWARD = 5_000n;

function delivered(): TestLog {
  const log = stage({ [TASK]: { reward: REWARD, approval: "owner", approval_seconds: 600 } });
  return go(log, TASK, "assign", "start", "execute");
}
function announce(log: TestLog, changes: Partial<Body<"payment_scheduled">["payload"]> = {}): string {
  const owed = log.the("settle");
  const payload = {
    amount: REWARD,
    token_id: MANIFEST.payload.token,
    schedule_id: SCHEDULE,
    transfer: effectId(owed, 0),
    criteria: [],
    ...changes,
  };
  log.discharge(
    owed,
    { ...about(owed), type: "payment_scheduled", to: "inference-001", payload },
    APPROVAL_PART,
  );
  return log.outcome;
}
const approve = (log: TestLog, schedule_id: ScheduleId = SCHEDULE, by: AccountId = ACCOUNTS.owner) => {
  log.say({ v: 1, type: "payment_approved", task_id: TASK, payload: { schedule_id } }, by);
  return log.outcome;
};
function settle(log: TestLog, transfer = log.task(TASK).approval?.transfer): string {
  const owed = log.the("confirm");
  if (transfer === undefined) throw new Error("nothing was scheduled");
  const payload = { amount: REWARD, token_id: MANIFEST.payload.token, transfer, criteria: [] };
  log.discharge(owed, { ...about(owed), type: "payment_settled", to: "inference-001", payload });
  return log.outcome;
}

describe("a reward that the owner signs for", () => {
  test("may be over the manifest's limit; another may not", () => {
    expect(delivered().task(TASK).spec.reward).toBe(REWARD);
    expect(stage({ [TASK]: { reward: REWARD } }).state.edition?.tasks.size).toBe(0);
  });

  test("becomes a schedule that waits, without ticks, until it expires", () => {
    const log = delivered();
    const owed = log.the("settle");
    expect(announce(log)).toBe("accepted");
    const { state, approval, payment } = log.task(TASK);
    const expires = approvalExpiry(log.task(TASK), owed);
    expect({ state, payment }).toEqual({ state: "complete", payment: null });
    expect(approval).toMatchObject({ schedule: SCHEDULE, transfer: effectId(owed, 0), expires });
    expect(log.kinds(TASK)).toEqual(["confirm"]);
    expect(log.the("confirm").due).toBeGreaterThan(expires);
    expect(needsTick(log.state, addSeconds(log.now, 500))).toBe(false);
  });

  test("is settled by the scheduled transfer once the owner has said that it is signed", () => {
    const log = delivered();
    announce(log);
    expect(approve(log)).toBe("accepted");
    expect(log.the("confirm").due).toBeLessThanOrEqual(log.now);
    expect(settle(log)).toBe("accepted");
    expect(log.task(TASK)).toMatchObject({ state: "paid", approval: null, payment: { amount: REWARD } });
    expect(log.owed("commit")).toHaveLength(1);
  });

  test("is settled when it expires if the owner signed and said nothing", () => {
    const log = delivered();
    announce(log);
    log.advance(700);
    expect(settle(log)).toBe("accepted");
  });

  test("that nobody signed is asked for again, with another schedule", () => {
    const log = delivered();
    announce(log);
    log.advance(700);
    const owed = log.the("confirm");
    const payload = { status: "SCHEDULE_EXPIRED", retry_seconds: 5 };
    log.discharge(owed, { ...about(owed), type: "payment_failed", payload });
    expect(log.task(TASK)).toMatchObject({ state: "complete", approval: null, reason: "SCHEDULE_EXPIRED" });
    expect(log.the("settle").id).not.toBe(owed.id);
    expect(approve(log)).toBe(`refused: no payment of task ${TASK} waits for a signature`);
  });

  test.each<[string, Partial<Body<"payment_scheduled">["payload"]>, RegExp]>([
    ["of another amount", { amount: 1n }, /the reward of task 1\.1\.1 is 5000/],
    ["in another token", { token_id: "0.0.9" }, /payments are made in/],
    [
      "that is not the settlement's",
      { transfer: { payer: ACCOUNTS.coordinator, validStart: 1n } },
      /not the one of/,
    ],
  ])("is not scheduled by one %s", (_, changes, problem) => {
    const log = delivered();
    expect(announce(log, changes)).toMatch(problem);
    expect(log.kinds(TASK)).toEqual(["settle"]);
  });

  test("is not paid in a batch past the owner, nor by another transfer", () => {
    const log = delivered();
    const owed = log.the("settle");
    const transfer = effectId(owed, 0, TRANSFER_PART);
    const payload = { amount: REWARD, token_id: MANIFEST.payload.token, transfer, criteria: [] };
    const body = { ...about(owed), type: "payment_settled" as const, to: "inference-001", payload };
    log.discharge(owed, body, SETTLED_PART);
    expect(log.outcome).toStartWith("refused");
    announce(log);
    approve(log);
    expect(settle(log, transfer)).toBe("refused: its transfer is not the scheduled one");
  });

  test("is approved by the owner alone, for the schedule that waits, and once", () => {
    const log = delivered();
    announce(log);
    expect(approve(log, SCHEDULE, ACCOUNTS.coordinator)).toStartWith("unauthorised");
    expect(approve(log, "0.0.9")).toBe(`refused: the schedule is ${SCHEDULE}`);
    approve(log);
    expect(approve(log)).toBe("refused: its outcome is owed already");
  });
});

test("a payment that needs no signature is not scheduled", () => {
  const log = go(stage({ [TASK]: { reward: 10n } }), TASK, "assign", "start", "execute");
  announce(log, { amount: 10n });
  expect(log.outcome).toBe(`refused: the payment of task ${TASK} needs no signature`);
});
