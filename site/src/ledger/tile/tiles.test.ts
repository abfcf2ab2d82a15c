import { describe, expect, test } from "bun:test";
import { ACCOUNTS, MANIFEST, TestLog } from "../../../../lib/festival/testing/log.ts";
import { begin, perform, play } from "../../../../lib/festival/testing/player.ts";
import { addSeconds, type Timestamp } from "../../../../lib/hedera/timestamp.ts";
import { EMPTY_LOG, type LogView, readOn } from "../feed.ts";
import { NO_CHAIN, proofOf } from "../proof.ts";
import { NO_VITALS } from "../vitals.ts";
import { integrityTile } from "./integrity.ts";
import { livenessTile } from "./liveness.ts";
import { moneyTile } from "./money.ts";
import { riskTile } from "./risk.ts";
import { workTile } from "./work.ts";

function begun(): TestLog {
  const log = new TestLog();
  begin(log);
  return log;
}

function planned(): TestLog {
  const log = begun();
  while (log.state.edition === null || log.state.edition.tasks.size < 5)
    play(log, { pick: 0, way: 1, wait: 1 });
  return log;
}

const viewOf = (log: TestLog): LogView => readOn(EMPTY_LOG, log.messages);
const nowOf = (log: TestLog, later = 0): Timestamp => addSeconds(log.state.head?.timestamp ?? 0n, later);

/** Discharges the first open obligation of a kind in one of its ways. */
function discharge(log: TestLog, kind: string, way: number): void {
  const owed = [...log.state.obligations.values()].find((one) => one.kind === kind);
  if (owed === undefined) throw new Error(`nothing of kind ${kind} is owed`);
  log.advance(10);
  perform(log, owed, way);
}

describe("liveness", () => {
  test("names nobody before the manifest", () => {
    expect(livenessTile(EMPTY_LOG.state, NO_VITALS, 0n)).toMatchObject({ tone: "idle", said: "no agents" });
  });

  test("is an alarm while agents were never heard", () => {
    const log = begun();
    expect(livenessTile(log.state, NO_VITALS, nowOf(log))).toMatchObject({
      tone: "bad",
      said: expect.stringContaining("not seen"),
    });
  });
});

describe("work", () => {
  test("goes on while duties are young, is overdue after a minute, and stuck after a window", () => {
    const log = planned();
    expect(workTile(log.state, nowOf(log, 5))).toMatchObject({ tone: "ok", said: "0 of 5 paid" });
    expect(workTile(log.state, nowOf(log, 70))).toMatchObject({ tone: "wait", said: "1 overdue" });
    expect(workTile(log.state, nowOf(log, 200))).toMatchObject({ tone: "bad", said: "1 duty stuck" });
  });

  test("points at the task that is stuck", () => {
    const log = planned();
    expect(workTile(log.state, nowOf(log, 200)).action.filter).toEqual({ type: "", text: "1.1.1" });
  });

  test("says that a task failed its gate and is tried again", () => {
    const log = planned();
    for (const kind of ["assign", "start", "execute"]) discharge(log, kind, 0);
    discharge(log, "settle", 3);
    discharge(log, "watch", 0);
    expect(workTile(log.state, nowOf(log))).toMatchObject({ tone: "wait", said: "1 task tried again" });
  });
});

describe("money", () => {
  test("owes nothing before there is a result, then something, and something late", () => {
    const log = planned();
    expect(moneyTile(log.state, NO_VITALS, null, nowOf(log))).toMatchObject({
      tone: "ok",
      said: "nothing owed",
    });
    for (const kind of ["assign", "start", "execute"]) discharge(log, kind, 0);
    expect(moneyTile(log.state, NO_VITALS, null, nowOf(log)).said).toBe("1 payment under way");
    expect(moneyTile(log.state, NO_VITALS, null, nowOf(log, 70))).toMatchObject({
      tone: "wait",
      said: "1 payment late",
    });
  });

  test("is an alarm when a payment fails", () => {
    const log = planned();
    for (const kind of ["assign", "start", "execute"]) discharge(log, kind, 0);
    discharge(log, "settle", 6);
    expect(moneyTile(log.state, NO_VITALS, null, nowOf(log))).toMatchObject({
      tone: "bad",
      said: "1 payment failing",
      action: { filter: { type: "payment_failed" } },
    });
  });
});

describe("risk", () => {
  test("has nothing to say without a market or an inventory", () => {
    expect(riskTile(EMPTY_LOG, NO_VITALS)).toMatchObject({ tone: "idle", said: "no market" });
    expect(riskTile(viewOf(planned()), NO_VITALS)).toMatchObject({ tone: "idle" });
  });
});

describe("integrity", () => {
  const proof = (view: LogView, upTo: number) => proofOf(view, { ...NO_CHAIN, upTo }, new Map(), null);

  test("is being worked on until the chain is verified to its end", () => {
    const view = viewOf(begun());
    expect(integrityTile(view.state, proof(view, 0))).toMatchObject({ tone: "work", said: "verifying" });
    expect(integrityTile(view.state, proof(view, 1))).toMatchObject({ tone: "ok", said: "verified" });
  });

  test("names the entry that does not verify", () => {
    const view = viewOf(begun());
    const broken = proofOf(view, { upTo: 0, broken: { sequence: 1, reason: "because" } }, new Map(), null);
    expect(integrityTile(view.state, broken)).toMatchObject({ tone: "bad", said: "#1: because" });
  });

  test("says that somebody spoke who may not", () => {
    const log = begun();
    log.say({ ...MANIFEST }, ACCOUNTS.stranger);
    const view = viewOf(log);
    expect(integrityTile(view.state, proof(view, 2))).toMatchObject({
      tone: "wait",
      said: "verified, 1 unauthorised",
    });
  });
});
