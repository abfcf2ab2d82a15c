import { describe, expect, test } from "bun:test";
import { FestError } from "../hedera/error.ts";
import type { Body } from "./entry/entry.ts";
import { encodeEntry } from "./entry/entry.ts";
import { fold, foldAll } from "./fold.ts";
import { effectId } from "./obligation.ts";
import { EMPTY_STATE, type State } from "./state.ts";
import { BODIES } from "./testing/bodies.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "./testing/log.ts";
import { about, go, manifestWith, stage } from "./testing/stage.ts";

function substance({ head: _head, verdict: _verdict, counts: _counts, ...rest }: State) {
  return rest;
}

describe("a log", () => {
  test("is folded without gaps: a message that is not the next one is an error", () => {
    const { messages } = stage({ "1.1.1": {} });
    const [first, second, third] = messages;
    if (!first || !second || !third) throw new Error("the log is too short");
    const state = foldAll([first, second]);
    for (const message of [first, second, { ...third, sequence: 4 }]) {
      expect(() => fold(state, message)).toThrow(expect.objectContaining({ code: "LOG_GAP" }));
    }
    expect(() => fold(EMPTY_STATE, second)).toThrow(FestError);
    expect(fold(state, third).head?.sequence).toBe(3);
  });

  test("counts what does not count, and says why", () => {
    const log = new TestLog();
    const bytes = (text: string) => new TextEncoder().encode(text);
    log.say(MANIFEST, ACCOUNTS.owner);
    log.submit(bytes("{"), ACCOUNTS.owner);
    expect(log.outcome).toBe("malformed: not JSON in UTF-8");
    log.submit(bytes('{"v":1,"type":"brand_new"}'), ACCOUNTS.stranger);
    expect(log.state.verdict).toEqual({ kind: "unknown", name: "brand_new" });
    log.say({ v: 1, type: "pause" }, ACCOUNTS.stranger);
    expect(log.outcome).toBe("unauthorised: pause is for owner, not for 0.0.6666");
    log.say({ v: 1, type: "resume" }, ACCOUNTS.owner);
    expect(log.outcome).toBe("refused: there is no pause");
    expect(log.state.counts).toEqual({ accepted: 1, unknown: 1, malformed: 1, unauthorised: 1, refused: 1 });
  });
});

describe("an insider", () => {
  const log = go(
    stage({ "1.1.1": {}, "1.1.2": { kind: "trade", role: "defi" } }),
    "1.1.1",
    "assign",
    "start",
    "execute",
  );
  const agents = ["coordinator", "inference", "defi", "desk"] as const;
  const allowed: Readonly<Record<string, readonly (typeof agents)[number][]>> = {
    owner: [],
    coordinator: ["coordinator"],
    worker: ["inference", "defi"],
    defi: ["defi"],
    desk: ["desk"],
    agent: agents,
  };

  test.each([
    ["manifest", "owner"],
    ["pause", "owner"],
    ["festival_plan", "coordinator"],
    ["task_planned", "coordinator"],
    ["task_assignment", "coordinator"],
    ["payment_settled", "coordinator"],
    ["payment_failed", "coordinator"],
    ["quality_gate", "coordinator"],
    ["risk_check_approved", "coordinator"],
    ["festival_commit", "coordinator"],
    ["tick", "coordinator"],
    ["task_result", "worker"],
    ["status_update", "worker"],
    ["quote_requested", "defi"],
    ["trade_settled", "defi"],
    ["quote", "desk"],
  ] as const)("cannot say %s unless it is %s", (name, speaker) => {
    for (const agent of agents) {
      if (allowed[speaker]?.includes(agent)) continue;
      const before = substance(log.state);
      log.say(BODIES[name], ACCOUNTS[agent]);
      expect(log.outcome).toStartWith("unauthorised");
      expect(substance(log.state)).toEqual(before);
    }
  });

  test("cannot put vital signs on the log", () => {
    log.say(BODIES.heartbeat, ACCOUNTS.inference);
    expect(log.outcome).toBe("refused: it belongs on the vitals topic");
  });

  test("in the right role changes nothing by what it does not owe", () => {
    for (const [name, account] of [
      ["task_result", ACCOUNTS.inference],
      ["quote", ACCOUNTS.desk],
      ["trade_settled", ACCOUNTS.defi],
      ["payment_settled", ACCOUNTS.coordinator],
      ["festival_commit", ACCOUNTS.coordinator],
      ["task_planned", ACCOUNTS.coordinator],
    ] as const) {
      const before = substance(log.state);
      log.say(BODIES[name], account);
      expect(log.outcome).toStartWith("refused");
      expect(substance(log.state)).toEqual(before);
    }
  });
});

describe("an obligation is discharged", () => {
  const TWO = manifestWith({
    inference: { "inference-001": ACCOUNTS.inference, "inference-002": "0.0.1013" },
  });
  const fresh = () => go(stage({ "1.1.1": {}, "1.1.2": {} }, TWO), "1.1.1", "assign", "start");
  const done = (log: TestLog, re = log.the("execute").id, task_id = "1.1.1"): Uint8Array => {
    const body: Body = { v: 1, type: "task_result", re, task_id, payload: { status: "completed" } };
    return encodeEntry(body);
  };

  test.each([0, 1, 7])("under its id of window %d", (k) => {
    const log = fresh();
    log.submit(done(log), ACCOUNTS.inference, effectId(log.the("execute"), k));
    expect(log.outcome).toBe("accepted");
    expect(log.task("1.1.1").state).toBe("review");
  });

  test.each<[string, (log: TestLog) => void, RegExp]>([
    [
      "under an id that is not its own",
      (log) => log.submit(done(log), ACCOUNTS.inference),
      /transaction id is not derived from obligation/,
    ],
    [
      "under the id of another of its parts",
      (log) => log.submit(done(log), ACCOUNTS.inference, effectId(log.the("execute"), 0, 1)),
      /transaction id is not derived from obligation/,
    ],
    [
      "under the id of another obligation of the same agent",
      (log) => log.submit(done(log), ACCOUNTS.inference, effectId(log.the("start"), 0)),
      /transaction id is not derived from obligation/,
    ],
    [
      "by another agent of the role",
      (log) => log.submit(done(log), "0.0.1013", effectId(log.the("execute"), 0)),
      /is owed by 0.0.1003/,
    ],
    [
      "by an entry of another kind",
      (log) => log.discharge(log.the("start"), resultFor(log.the("start").id)),
      /task_result does not discharge start/,
    ],
    [
      "in the name of another task",
      (log) => log.submit(done(log, undefined, "1.1.2"), ACCOUNTS.inference, effectId(log.the("execute"), 0)),
      /is about task 1.1.1/,
    ],
    [
      "if there is no such obligation",
      (log) => log.submit(done(log, "77.1"), ACCOUNTS.inference, effectId(log.the("execute"), 0)),
      /obligation 77.1 is not open/,
    ],
  ])("not %s", (_, say, problem) => {
    const log = fresh();
    const before = substance(log.state);
    say(log);
    expect(log.outcome).toMatch(problem);
    expect(substance(log.state)).toEqual(before);
  });

  test("once: a second time, in any window, changes nothing", () => {
    const log = fresh();
    const execute = log.the("execute");
    const bytes = done(log);
    log.submit(bytes, ACCOUNTS.inference, effectId(execute, 0));
    const before = substance(log.state);
    for (const k of [0, 1, 2]) {
      log.submit(bytes, ACCOUNTS.inference, effectId(execute, k));
      expect(log.outcome).toBe(`refused: obligation ${execute.id} is not open`);
    }
    expect(substance(log.state)).toEqual(before);
  });

  test("not without a transaction id that the node has checked", () => {
    const log = fresh();
    const execute = log.the("execute");
    const id = effectId(execute, 0);
    const message = {
      topic: "0.0.3001" as const,
      sequence: log.messages.length + 1,
      timestamp: log.now + 5_000n,
      payer: ACCOUNTS.inference,
      bytes: done(log),
      runningHash: new Uint8Array(48),
      transactionId: { ...id, scheduled: true, nonce: 0 },
      chunk: { number: 1, total: 1 },
    };
    expect(fold(log.state, message).verdict).toEqual({
      kind: "refused",
      problem: "its transaction id is not known",
    });
  });
});

describe("the bases of an account", () => {
  test("lie side by side where one entry creates thousands, and are found without searching", () => {
    const log = new TestLog();
    log.say(MANIFEST, ACCOUNTS.owner);
    const plan = log.the("plan");
    const payload = { ...BODIES.festival_plan.payload, edition: 1, tasks: 5_000 };
    log.discharge(plan, { v: 1, type: "festival_plan", re: plan.id, payload });
    const owed = log.owed("plan_task");
    expect(owed).toHaveLength(5_000);
    const [first] = owed;
    for (const [index, { base }] of owed.entries())
      expect(base - (first?.base ?? 0n)).toBe(BigInt(index) * 10n);
  });

  test("are each account's own: another one's do not move them", () => {
    const log = go(stage({ "1.1.1": {} }), "1.1.1", "assign");
    const assigned = log.messages.at(-1)?.timestamp ?? 0n;
    const ceil = ((assigned - (assigned % 1_000n) + 9n) / 10n) * 10n;
    expect(log.the("start").base).toBe(ceil);
    expect(log.the("execute").base).toBe(ceil + 10n);
    expect(log.the("watch").due).toBe(assigned - (assigned % 1_000n) + 60_000_000_000n);
  });
});

function resultFor(re: string): Body<"task_result"> {
  return { ...about({ ...OWED, id: re }), type: "task_result", payload: { status: "completed" } };
}

const OWED = {
  id: "1.1",
  kind: "start",
  agent: "inference-001",
  payer: ACCOUNTS.inference,
  taskId: "1.1.1",
  index: 1,
  due: 0n,
  base: 0n,
} as const;
