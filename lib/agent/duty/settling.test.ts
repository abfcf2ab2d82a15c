import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Obligation } from "../../festival/obligation.ts";
import { EXPIRY_MARGIN } from "../../festival/rules/approval.ts";
import type { PendingApproval, State } from "../../festival/state.ts";
import { go, stage as stageLog } from "../../festival/testing/stage.ts";
import { addSeconds } from "../../hedera/timestamp.ts";
import type { Action } from "../../ledger/effect.ts";
import { effectOf, type Stage, setStage } from "../../ledger/testing/stage.ts";
import { createMirror } from "../../mirror/client.ts";
import { systemClock } from "../../mirror/clock.ts";
import { Duty } from "../duty.ts";
import { settling } from "./settling.ts";

setDefaultTimeout(60_000);

const TASK = "1.1.1";
const REWARD = 5_000n;
/** How long a payment waits for its signature. */
const SECONDS = 60;

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

/** A payment that was scheduled: the coordinator pays the worker, once the operator has signed. */
async function scheduled(): Promise<PendingApproval> {
  const { devnet, coordinator, worker, operator, token } = stage;
  const whole = devnet.clock.now() - (devnet.clock.now() % 1_000_000_000n);
  const expires = addSeconds(whole, SECONDS);
  const tokens = [
    { token, account: coordinator.account, amount: -REWARD },
    { token, account: worker.account, amount: REWARD },
  ];
  const action: Action = {
    kind: "scheduleTransfer",
    hbar: [],
    tokens,
    payer: operator.account,
    expiration: expires,
    scheduleMemo: String(whole),
  };
  const effect = effectOf(coordinator.account, action, devnet.clock.now() - 1_000_000_000n);
  const made = await coordinator.ledger.perform(effect);
  if (made.kind !== "executed" || !made.schedule || !made.scheduledTransaction)
    throw new Error(`it was not scheduled: ${made.kind}`);
  return { sequence: 1, schedule: made.schedule, transfer: made.scheduledTransaction, expires };
}

/** The `confirm` that the coordinator owes for it. */
function owed(approval: PendingApproval): Duty {
  const { devnet, coordinator, topic } = stage;
  const log = go(
    stageLog({ [TASK]: { reward: REWARD, approval: "owner" } }),
    TASK,
    "assign",
    "start",
    "execute",
  );
  const base = (devnet.clock.now() / 1_000n) * 1_000n - 1_000_000_000n;
  const settle = log.the("settle");
  const obligation: Obligation = {
    ...settle,
    kind: "confirm",
    payer: coordinator.account,
    due: base,
    base,
  };
  const { edition } = log.state;
  if (edition === null) throw new Error("there is no edition");
  const tasks = new Map([[TASK, { ...log.task(TASK), approval }]]);
  const state: State = { ...log.state, edition: { ...edition, tasks } };
  return new Duty({
    state,
    obligation,
    window: 0,
    log: topic,
    mirror: createMirror({ baseUrl: devnet.network.mirror }),
    ledger: coordinator.ledger,
    clock: { ...systemClock, now: () => devnet.clock.now() },
    signal: new AbortController().signal,
    memory: new Map(),
  });
}

/** Does something with an account's key, at the network's time. */
async function act({ account, ledger }: Pick<Stage["worker"], "account" | "ledger">, action: Action) {
  const outcome = await ledger.perform(effectOf(account, action, stage.devnet.clock.now() - 1_000_000_000n));
  expect(outcome.kind).toBe("executed");
}
const owner = () => ({ account: stage.operator.account, ledger: stage.operator });
/** Any transaction of the coordinator, as its next heartbeat. */
const speak = () =>
  act(stage.coordinator, { kind: "message", topic: stage.topic, message: new TextEncoder().encode("{}") });
/** What the coordinator comes to say, or why it waits. */
async function confirm(approval: PendingApproval): Promise<unknown> {
  const performed = await settling(async () => []).confirm?.(owed(approval));
  if (performed?.kind !== "executed") return performed;
  const said = await createMirror({ baseUrl: stage.devnet.network.mirror }).latestMessage(stage.topic);
  return JSON.parse(new TextDecoder().decode(said?.bytes));
}

describe("a payment that waits for the owner", () => {
  test("is settled once it executed", async () => {
    const approval = await scheduled();
    expect(await confirm(approval)).toMatchObject({ kind: "wait" });
    await act(owner(), { kind: "scheduleSign", schedule: approval.schedule });
    expect(await confirm(approval)).toMatchObject({ type: "payment_settled", re: expect.any(String) });
  });

  test("has expired as soon as the mirror node shows anything of a party from after it, and not before", async () => {
    const approval = await scheduled();
    await stage.devnet.clock.advance(SECONDS + EXPIRY_MARGIN + 1);
    expect(await confirm(approval)).toMatchObject({ kind: "wait" });
    await speak();
    expect(await confirm(approval)).toMatchObject({
      type: "payment_failed",
      payload: { status: "SCHEDULE_EXPIRED" },
    });
  });

  test("is not taken for expired because a replica has not seen it execute", async () => {
    const approval = await scheduled();
    const behind = { kind: "rest-stale", ms: 86_400_000, every: 1, path: "/api/v1/schedules" } as const;
    stage.devnet.faults.inject(behind);
    await act(owner(), { kind: "scheduleSign", schedule: approval.schedule });
    await stage.devnet.clock.advance(SECONDS + EXPIRY_MARGIN + 1);
    await speak();
    expect(await confirm(approval)).toMatchObject({ kind: "wait" });
    stage.devnet.faults.clear();
    expect(await confirm(approval)).toMatchObject({ type: "payment_settled" });
  });
});
