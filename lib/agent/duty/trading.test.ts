import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Obligation } from "../../festival/obligation.ts";
import { EXPIRY_MARGIN } from "../../festival/rules/approval.ts";
import type { State, Trade } from "../../festival/state.ts";
import { go, stage as stageLog } from "../../festival/testing/stage.ts";
import type { ScheduleId } from "../../hedera/id.ts";
import { addSeconds, NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import type { Action } from "../../ledger/effect.ts";
import { type Actor, effectOf, type Stage, setStage } from "../../ledger/testing/stage.ts";
import { createMirror } from "../../mirror/client.ts";
import { systemClock } from "../../mirror/clock.ts";
import { Duty } from "../duty.ts";
import { MARKET } from "../testing/context.ts";
import { trading } from "./trading.ts";

setDefaultTimeout(60_000);

const TASK = "1.1.1";
/** Tinybars that the desk sends. */
const HBAR = 1_000n;
/** How long a quote stands. */
const SECONDS = 60;

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

/** The stage's coordinator plays the defi agent here, and its worker the desk. */
const defi = () => stage.coordinator;
const desk = () => stage.worker;
const mirror = () => createMirror({ baseUrl: stage.devnet.network.mirror });

/** Does something with an actor's key, at the network's time. */
async function act({ account, ledger }: Actor, action: Action): Promise<ScheduleId | undefined> {
  const outcome = await ledger.perform(
    effectOf(account, action, stage.devnet.clock.now() - NANOS_PER_SECOND),
  );
  if (outcome.kind !== "executed") throw new Error(`it was not executed: ${outcome.kind}`);
  return outcome.schedule;
}

/** A trade that waits for the desk's signature. */
async function proposed(): Promise<Trade> {
  const now = stage.devnet.clock.now();
  const expires: Timestamp = addSeconds(now - (now % NANOS_PER_SECOND), SECONDS);
  const schedule = await act(defi(), {
    kind: "scheduleTransfer",
    hbar: [
      { account: desk().account, amount: -HBAR },
      { account: defi().account, amount: HBAR },
    ],
    tokens: [],
    expiration: expires,
    scheduleMemo: "a trade",
  });
  return {
    stage: "approved",
    desk: "desk-001",
    account: desk().account,
    side: "buy",
    hbar: HBAR,
    tokens: 1n,
    expires,
    schedule: schedule ?? "0.0.1",
    transaction: null,
    executed: null,
    reason: null,
  };
}

/** What the defi agent says of how the trade ended, or why it waits. */
async function conclude(trade: Trade): Promise<unknown> {
  const { devnet, topic } = stage;
  const log = go(stageLog({ [TASK]: {} }, MARKET), TASK, "assign", "start");
  const base = (devnet.clock.now() / 1_000n) * 1_000n - NANOS_PER_SECOND;
  const owed = { kind: "conclude" as const, payer: defi().account, due: base, base };
  const obligation: Obligation = { ...log.the("execute"), ...owed };
  const { edition } = log.state;
  if (edition === null) throw new Error("there is no edition");
  const tasks = new Map([[TASK, { ...log.task(TASK), trade }]]);
  const state: State = { ...log.state, edition: { ...edition, tasks } };
  const duty = new Duty({
    state,
    obligation,
    window: 0,
    log: topic,
    mirror: mirror(),
    ledger: defi().ledger,
    clock: { ...systemClock, now: () => devnet.clock.now() },
    signal: new AbortController().signal,
    memory: new Map(),
  });
  const performed = await trading(new Map()).conclude?.(duty);
  if (performed?.kind !== "executed") return performed;
  return JSON.parse(new TextDecoder().decode((await mirror().latestMessage(topic))?.bytes));
}

const speak = () =>
  act(defi(), { kind: "message", topic: stage.topic, message: new TextEncoder().encode("{}") });
const expire = () => stage.devnet.clock.advance(SECONDS + EXPIRY_MARGIN + 1);

describe("a trade that was approved", () => {
  test("has failed once something of a party is seen from after its quote, and not before", async () => {
    const trade = await proposed();
    await expire();
    expect(await conclude(trade)).toMatchObject({ kind: "wait" });
    await speak();
    expect(await conclude(trade)).toMatchObject({ type: "trade_failed" });
  });

  test("is not taken for failed because a replica of the mirror node has not seen it execute", async () => {
    const trade = await proposed();
    const behind = { kind: "rest-stale", ms: 86_400_000, every: 1, path: "/api/v1/schedules" } as const;
    stage.devnet.faults.inject(behind);
    await act(desk(), { kind: "scheduleSign", schedule: trade.schedule ?? "0.0.1" });
    await expire();
    await speak();
    expect(await conclude(trade)).toMatchObject({ kind: "wait" });
    stage.devnet.faults.clear();
    expect(await conclude(trade)).toMatchObject({ type: "trade_settled" });
  });
});
