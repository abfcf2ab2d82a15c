import { describe, expect, test } from "bun:test";
import { addSeconds, secondsOf, timestampOf } from "../../hedera/timestamp.ts";
import { replaceAgent } from "../decision/assignment.ts";
import type { Body } from "../entry/entry.ts";
import type { Obligation, ObligationKind } from "../obligation.ts";
import type { Criterion } from "../state.ts";
import { ACCOUNTS, type TestLog } from "../testing/log.ts";
import { perform } from "../testing/player.ts";
import { about, go, manifestWith, stage } from "../testing/stage.ts";
import { PROPOSAL_PART } from "./trade.ts";

const TASK = "1.1.1";
const SCHEDULE = "0.0.4001";
const TWO = manifestWith({ defi: { "defi-001": ACCOUNTS.defi, "defi-002": "0.0.1014" } });

/** A trade task, gone on with to a point of its trade. */
function traded(...kinds: readonly ObligationKind[]): TestLog {
  const log = stage({ [TASK]: { kind: "trade", role: "defi" } }, TWO);
  return go(log, TASK, "assign", "start", ...kinds);
}
const tradeOf = (log: TestLog) => log.task(TASK).trade;
const quoteOf = (owed: Obligation, payload: Body<"quote">["payload"]): Body<"quote"> => ({
  ...about(owed),
  type: "quote",
  payload,
});
const failedBecause = (owed: Obligation, reason: string): Body<"trade_failed"> => ({
  ...about(owed),
  type: "trade_failed",
  payload: { reason },
});
const checks: Criterion[] = [
  { name: "deviation_bps", passed: false, value: "300", limit: "at most 200" },
  { name: "trade_tinybar", passed: true },
];
const reassign = (log: TestLog, to: string) => {
  const watch = log.the("watch");
  const payload = { attempt: log.task(TASK).attempt + 1, lease_seconds: 60, reason: "lease expired" };
  log.discharge(watch, { ...about(watch), type: "task_reassigned", to, payload });
};

describe("a trade on its way", () => {
  const log = traded();
  test.each([
    ["execute", "requested", ["quote", "start", "watch"]],
    ["quote", "quoted", ["propose", "start", "watch"]],
    ["propose", "proposed", ["approve", "countersign", "start", "watch"]],
    ["approve", "approved", ["conclude", "sign", "start", "watch"]],
    ["conclude", "settled", ["execute", "start", "watch"]],
  ] as const)("by %s is %s", (kind, stageOfTrade, owed) => {
    log.advance(5);
    go(log, TASK, kind);
    expect(tradeOf(log)?.stage).toBe(stageOfTrade);
    expect(log.kinds(TASK)).toEqual([...owed]);
    expect(log.the("watch").due).toBe(addSeconds(log.now - (log.now % 1_000n), 60));
  });

  test("ends as one trade of the edition, with its schedule, price and transaction", () => {
    expect(tradeOf(log)).toMatchObject({
      desk: "desk-001",
      account: ACCOUNTS.desk,
      side: "buy",
      hbar: 500n,
      tokens: 90n,
      schedule: SCHEDULE,
      transaction: { payer: ACCOUNTS.defi },
    });
    expect(log.state.edition).toMatchObject({ trades: 1 });
    expect(log.state.edition?.leaves).toHaveLength(1);
    go(log, TASK, "execute", "settle");
    expect(log.task(TASK).state).toBe("paid");
    expect(log.state.edition?.leaves).toHaveLength(3);
  });

  test("is owed step by step by who has to take it", () => {
    const payers = (run: TestLog) =>
      Object.fromEntries([...run.state.obligations.values()].map(({ kind, payer }) => [kind, payer]));
    expect(payers(traded("execute"))).toMatchObject({ quote: ACCOUNTS.desk });
    expect(payers(traded("execute", "quote"))).toMatchObject({ propose: ACCOUNTS.defi });
    const proposed = traded("execute", "quote", "propose");
    expect(payers(proposed)).toMatchObject({ countersign: ACCOUNTS.desk, approve: ACCOUNTS.coordinator });
    expect(payers(go(proposed, TASK, "approve"))).toMatchObject({
      sign: ACCOUNTS.coordinator,
      conclude: ACCOUNTS.defi,
    });
  });
});

describe("a request", () => {
  const ask = (log: TestLog, to: string) => {
    const owed = log.the("execute");
    const payload = { side: "buy" as const, hbar: 5n };
    log.discharge(owed, { ...about(owed), type: "quote_requested", to, payload });
    return log.outcome;
  };

  test("goes to a desk", () => {
    expect(ask(traded(), "nobody")).toBe("refused: there is no agent nobody");
    expect(ask(traded(), "coordinator")).toBe("refused: coordinator is no desk");
    expect(ask(traded(), "desk-001")).toBe("accepted");
  });

  test("is made once a trade: neither after it settled nor after it failed", () => {
    const settled = traded("execute", "quote", "propose", "approve", "conclude");
    expect(ask(settled, "desk-001")).toBe(`refused: task ${TASK} has a trade already`);
    const failed = traded("execute");
    perform(failed, failed.the("quote"), 3);
    expect(ask(failed, "desk-001")).toBe(`refused: task ${TASK} has a trade already`);
  });
});

describe("a quote", () => {
  const price = { side: "buy" as const, hbar: 500n, tokens: 90n };

  test.each<[string, object, number, string]>([
    ["of another amount", { hbar: 501n }, 30, "refused: it is not a quote of what was requested"],
    ["of the other side", { side: "sell" }, 30, "refused: it is not a quote of what was requested"],
    ["as it was requested", {}, 59, "accepted"],
  ])("%s", (_, changes, seconds, outcome) => {
    const log = traded("execute");
    const owed = log.the("quote");
    log.discharge(owed, quoteOf(owed, { ...price, ...changes, expires: addSeconds(log.now, seconds) }));
    expect(log.outcome).toBe(outcome);
    expect(tradeOf(log)?.stage).toBe(outcome === "accepted" ? "quoted" : "requested");
  });

  test("stands until the desk's expiry, or the last whole second of the task's lease", () => {
    const expiryOf = (seconds: number) => {
      const log = traded("execute");
      const owed = log.the("quote");
      log.discharge(owed, quoteOf(owed, { ...price, expires: addSeconds(log.now, seconds) }));
      return [log.outcome, tradeOf(log)?.expires];
    };
    const lease = traded("execute").task(TASK).leaseSeconds;
    const said = traded("execute").now;
    expect(expiryOf(30)).toEqual(["accepted", addSeconds(said, 30)]);
    const latest = timestampOf(secondsOf(said) + BigInt(lease));
    expect(expiryOf(lease + 2)).toEqual(["accepted", latest]);
    expect(expiryOf(1_000_000)).toEqual(["accepted", latest]);
  });

  test("that has expired when it comes ends the trade, instead of being owed again", () => {
    const log = traded("execute");
    const owed = log.the("quote");
    log.discharge(owed, quoteOf(owed, { ...price, expires: log.now }));
    expect(log.outcome).toBe("accepted");
    expect(tradeOf(log)).toMatchObject({ stage: "failed", reason: "the quote had expired when it came" });
    expect(log.kinds(TASK)).toEqual(["execute", "start", "watch"]);
  });

  test("that is declined ends the trade with the desk's words, and the agent owes its result", () => {
    const log = traded("execute");
    const owed = log.the("quote");
    log.discharge(owed, quoteOf(owed, { declined: "no inventory" }));
    expect(tradeOf(log)).toMatchObject({ stage: "failed", reason: "no inventory", schedule: null });
    expect(log.kinds(TASK)).toEqual(["execute", "start", "watch"]);
  });
});

describe("a proposal", () => {
  test("is said under its own part, since part 0 is the schedule's creation", () => {
    const log = traded("execute", "quote");
    const owed = log.the("propose");
    const body: Body = { ...about(owed), type: "risk_check_requested", payload: { schedule_id: SCHEDULE } };
    log.discharge(owed, body);
    expect(log.outcome).toStartWith("refused: its transaction id is not derived");
    log.discharge(owed, body, PROPOSAL_PART);
    expect(tradeOf(log)).toMatchObject({ stage: "proposed", schedule: SCHEDULE });
  });

  test("that is given up ends the trade, under that part only", () => {
    const log = traded("execute", "quote");
    const owed = log.the("propose");
    log.discharge(owed, failedBecause(owed, "too dear"));
    expect(tradeOf(log)?.stage).toBe("quoted");
    log.discharge(owed, failedBecause(owed, "too dear"), PROPOSAL_PART);
    expect(tradeOf(log)).toMatchObject({ stage: "failed", reason: "too dear" });
  });
});

describe("a risk check", () => {
  const verdict = (
    log: TestLog,
    type: "risk_check_approved" | "risk_check_denied",
    schedule_id: typeof SCHEDULE,
  ) => {
    const owed = log.the("approve");
    log.discharge(owed, { ...about(owed), type, payload: { schedule_id, checks } });
    return log.outcome;
  };

  test("that approves names the schedule that was proposed", () => {
    const log = traded("execute", "quote", "propose");
    const owed = log.the("approve");
    const payload = { schedule_id: "0.0.4002" as const, checks };
    log.discharge(owed, { ...about(owed), type: "risk_check_approved", payload });
    expect(log.outcome).toBe("refused: the trade's schedule is 0.0.4001");
    expect(log.owed("sign")).toEqual([]);
  });

  test("that denies ends the trade and says which limits; nobody signs any more", () => {
    const log = traded("execute", "quote", "propose");
    expect(verdict(log, "risk_check_denied", SCHEDULE)).toBe("accepted");
    expect(tradeOf(log)).toMatchObject({ stage: "failed", reason: "denied: deviation_bps" });
    expect(log.task(TASK).criteria).toEqual(checks);
    expect(log.kinds(TASK)).toEqual(["execute", "start", "watch"]);
  });
});

describe("the outcome of a trade", () => {
  const conclude = (changes: object): TestLog => {
    const log = traded("execute", "quote", "propose", "approve");
    const owed = log.the("conclude");
    const transaction = { payer: ACCOUNTS.defi, validStart: 1n } as const;
    const payload = {
      schedule_id: SCHEDULE,
      transaction,
      executed: log.now,
      side: "buy",
      hbar: 500n,
      tokens: 90n,
    } as const;
    log.discharge(owed, {
      ...about(owed),
      type: "trade_settled",
      payload: { ...payload, ...changes },
    });
    return log;
  };

  test.each([
    ["another schedule", { schedule_id: "0.0.4002" }],
    ["more HBAR", { hbar: 501n }],
    ["fewer tokens", { tokens: 89n }],
    ["the other side", { side: "sell" }],
  ])("with %s is not that of the trade that was approved", (_, changes) => {
    const log = conclude(changes);
    expect(log.outcome).toBe("refused: it is not the trade that was approved");
    expect(log.state.edition?.trades).toBe(0);
  });

  test("may be that nothing moved: no trade counts, and the result says so", () => {
    const log = traded("execute", "quote", "propose", "approve");
    const owed = log.the("conclude");
    log.discharge(owed, failedBecause(owed, "expired"));
    expect(tradeOf(log)).toMatchObject({ stage: "failed", reason: "expired", transaction: null });
    expect(log.state.edition).toMatchObject({ trades: 0, leaves: [] });
    expect(log.kinds(TASK)).toEqual(["execute", "start", "watch"]);
  });
});

describe("a lease that runs out during a trade", () => {
  test.each<[string, ObligationKind[]]>([
    ["before a price", ["execute"]],
    ["before a schedule", ["execute", "quote"]],
    ["after it failed", ["execute", "quote", "propose", "approve", "conclude"]],
  ])("%s begins anew with the next agent", (name, kinds) => {
    const log = traded(...kinds.slice(0, -1));
    const last = kinds.at(-1);
    if (last !== undefined) perform(log, log.the(last, TASK), name === "after it failed" ? 3 : 1);
    reassign(log, "defi-002");
    expect(tradeOf(log)).toBeNull();
    expect(log.kinds(TASK)).toEqual(["execute", "start", "watch"]);
    expect(log.the("execute").agent).toBe("defi-002");
  });

  test("with a schedule in the air leaves it there: the next agent owes no second one", () => {
    const log = traded("execute", "quote", "propose");
    reassign(log, "defi-002");
    expect(log.kinds(TASK)).toEqual(["approve", "countersign", "start", "watch"]);
    go(log, TASK, "approve");
    expect(log.the("conclude").agent).toBe("defi-002");
    go(log, TASK, "conclude");
    expect(log.the("execute").agent).toBe("defi-002");
    expect(log.state.edition?.trades).toBe(1);
  });

  test("with an approved one gives its outcome to the next agent to tell", () => {
    const log = traded("execute", "quote", "propose", "approve");
    const old = log.the("conclude");
    reassign(log, "defi-002");
    expect(log.kinds(TASK)).toEqual(["conclude", "sign", "start", "watch"]);
    perform(log, old);
    expect(log.outcome).toBe(`refused: obligation ${old.id} is not open`);
    expect(log.the("conclude").agent).toBe("defi-002");
  });

  test("with an approved one in the last attempt is no end of the task: the trade's outcome is still owed", () => {
    const log = traded("execute", "quote", "propose", "approve");
    reassign(log, "defi-002");
    reassign(log, "defi-001");
    expect(log.task(TASK).attempt).toBe(3);
    const watch = log.the("watch");
    const payload = { attempt: 3, reason: "lease expired" };
    log.discharge(watch, { ...about(watch), type: "task_failed", payload });
    expect(log.outcome).toBe(`refused: the trade of task ${TASK} may execute`);
    const body = replaceAgent(log.state, watch);
    expect(body).toMatchObject({ type: "task_reassigned", payload: { attempt: 4 } });
    reassign(log, "defi-002");
    go(log, TASK, "conclude");
    expect(log.state.edition?.trades).toBe(1);
  });

  test("with a settled one keeps it: what is owed is its result", () => {
    const log = traded("execute", "quote", "propose", "approve", "conclude");
    reassign(log, "defi-002");
    expect(tradeOf(log)?.stage).toBe("settled");
    expect(log.kinds(TASK)).toEqual(["execute", "start", "watch"]);
  });
});

describe("a trade task that failed its gate", () => {
  test("tries again from the start, unless something moved", () => {
    const failed = traded("execute");
    perform(failed, failed.the("quote"), 3);
    perform(failed, failed.the("execute"));
    perform(failed, failed.the("settle"), 3);
    expect(failed.task(TASK)).toMatchObject({ attempt: 2, trade: null, state: "in_progress" });
    const settled = traded("execute", "quote", "propose", "approve", "conclude", "execute");
    perform(settled, settled.the("settle"), 3);
    expect(settled.task(TASK)).toMatchObject({ attempt: 2, trade: { stage: "settled" } });
  });
});
