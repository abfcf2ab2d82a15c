import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { stage as festivalAt, go } from "../festival/testing/stage.ts";
import { addSeconds } from "../hedera/timestamp.ts";
import { type Stage, setStage } from "../ledger/testing/stage.ts";
import { createMirror } from "../mirror/client.ts";
import { type Clock, systemClock } from "../mirror/clock.ts";
import { Breaker, FAILURES_IN_A_ROW } from "./breaker.ts";
import { settling } from "./duty/settling.ts";
import { Duty, type Performed, type Performers } from "./duty.ts";
import { type Guard, guardPerformers, guardSaying, type Hold } from "./guard.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

const HELD: Hold = { code: "BUDGET_SPENT", message: "nothing is left" };
const closed: Guard = { admit: () => HELD };
const open: Guard = { admit: () => null };
const FAILED: Performed = { kind: "failed", status: "INVALID_SIGNATURE" };

let settlements = 0n;

/** A settlement that is owed now, by the stage's coordinator, in a token that the worker may not have. */
function settlement(): Duty {
  const log = festivalAt({ "1.1.1": {} });
  go(log, "1.1.1", "assign", "start", "execute");
  const owed = log.the("settle");
  settlements += 10n;
  const base = addSeconds(systemClock.now(), -2) + settlements;
  return new Duty({
    state: log.state,
    obligation: { ...owed, payer: stage.coordinator.account, base: base - (base % 10n) },
    window: 0,
    log: stage.topic,
    mirror: createMirror({ baseUrl: stage.devnet.network.mirror }),
    ledger: stage.coordinator.ledger,
    clock: systemClock,
    signal: new AbortController().signal,
    memory: new Map(),
  });
}

const performersOf = (performed: () => Performed): Performers => ({ settle: async () => performed() });

describe("guarded performers", () => {
  test("perform nothing that a guard holds up, and wait", async () => {
    let performed = 0;
    const perform = performersOf(() => {
      performed += 1;
      return FAILED;
    });
    const wait = { kind: "wait", reason: "nothing is left" } as const;
    expect(await guardPerformers(perform, [open, closed]).settle?.(settlement())).toEqual(wait);
    expect(performed).toBe(0);
    expect(await guardPerformers(perform, [open]).settle?.(settlement())).toEqual(FAILED);
    expect(performed).toBe(1);
  });

  test("stop after one failure after the other, and begin again with a single one", async () => {
    let passed = 0;
    const clock: Clock = { ...systemClock, now: () => addSeconds(systemClock.now(), passed) };
    const { settle } = guardPerformers(
      performersOf(() => FAILED),
      [new Breaker(clock, () => undefined)],
    );
    const duty = settlement();
    for (let time = 0; time < FAILURES_IN_A_ROW; time++) expect(await settle?.(duty)).toEqual(FAILED);
    expect(await settle?.(duty)).toMatchObject({ kind: "wait" });
    passed = 11;
    expect(await settle?.(duty)).toEqual(FAILED);
    expect(await settle?.(duty)).toMatchObject({ kind: "wait" });
  });

  test("say that a payment failed even where every payment fails, and take that for no trouble", async () => {
    const opened: Hold[] = [];
    const breaker = new Breaker(systemClock, (hold) => opened.push(hold));
    const { settle } = guardPerformers(
      settling(async () => []),
      [breaker],
    );
    const before = stage.devnet.ledger.topics.get(stage.topic)?.sequenceNumber ?? 0n;
    const rounds = FAILURES_IN_A_ROW + 2;
    const performed = await Promise.all(Array.from({ length: rounds }, () => settle?.(settlement())));
    expect(performed.map((one) => one?.kind)).toEqual(performed.map(() => "executed"));
    expect(stage.devnet.ledger.topics.get(stage.topic)?.sequenceNumber).toBe(before + BigInt(rounds));
    expect(opened).toEqual([]);
  });
});

describe("what discharges nothing", () => {
  test("is not said while a guard holds it up", async () => {
    const before = stage.devnet.ledger.topics.get(stage.topic)?.sequenceNumber;
    const outcome = await guardSaying(stage.worker.ledger, [closed]).say(stage.topic, new Uint8Array([1]));
    expect(outcome).toEqual({ kind: "pending", status: "BUDGET_SPENT" });
    expect(stage.devnet.ledger.topics.get(stage.topic)?.sequenceNumber).toBe(before);
    const said = await guardSaying(stage.worker.ledger, [open]).say(stage.topic, new Uint8Array([1]));
    expect(said.kind).toBe("executed");
  });
});
