import { describe, expect, test } from "bun:test";
import type { Message } from "../../mirror/message.ts";
import { checkpointPart } from "../decision/checkpoint.ts";
import { encodeEntry } from "../entry/entry.ts";
import { effectId, windowAt } from "../obligation.ts";
import { commitOf } from "../rules/plan.ts";
import { chained } from "../testing/chain.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../testing/log.ts";
import { begin, play } from "../testing/player.ts";
import { LogAudit } from "./log-audit.ts";
import type { ProblemName } from "./problem.ts";

/** A log that was played to its first commit. */
function played(): TestLog {
  const log = new TestLog();
  begin(log);
  for (let move = 0; log.state.commits < 1 && move < 500; move++) play(log, { pick: 0, way: 0, wait: 1 });
  return log;
}

function audited(messages: readonly Message[]): LogAudit {
  const audit = new LogAudit();
  audit.take(messages);
  return audit;
}

const found = (audit: LogAudit) =>
  audit.problems.map(({ name, severity, sequence }) => [name, severity, sequence]);

const messages = chained(played().messages);

describe("an audit of a log", () => {
  test("takes all of one that holds, whole or in pieces, and knows whom to look for on the ledger", () => {
    const audit = audited(messages);
    expect(audit.problems).toEqual([]);
    expect(audit.verified).toBe(messages.length);
    expect(audit.payments.length).toBe(5);
    const { owner, coordinator, inference, defi, desk } = ACCOUNTS;
    expect(audit.accounts).toEqual(new Set([owner, coordinator, inference, defi, desk]));
    const pieces = new LogAudit();
    for (const message of messages) pieces.take([message]);
    expect(pieces.state).toEqual(audit.state);
  });

  test.each<[string, readonly Message[], readonly [ProblemName, "error", number]]>([
    ["lacks a message", messages.toSpliced(4, 1), ["chain_gap", "error", 5]],
    ["has one twice", messages.toSpliced(4, 0, ...messages.slice(3, 4)), ["chain_gap", "error", 4]],
    ["has a changed one", changed(4, { bytes: new TextEncoder().encode("{}") }), ["chain_hash", "error", 5]],
    ["has one by another payer", changed(4, { payer: "0.0.666" }), ["chain_hash", "error", 5]],
    ["goes back in time", changed(4, { timestamp: 1n }), ["chain_order", "error", 5]],
  ])("stops at the first entry of one that %s", (_, log, finding) => {
    const audit = audited(log);
    expect(found(audit)).toEqual([[...finding]]);
    expect(audit.verified).toBe(4);
    expect(audit.broken).toBe(true);
  });

  test("warns of what counts for nothing, and makes nothing of what comes too late", () => {
    const log = played();
    const before = log.messages.length;
    log.say(MANIFEST, ACCOUNTS.stranger);
    log.submit(new TextEncoder().encode("{"), ACCOUNTS.coordinator);
    log.say(
      { v: 1, type: "task_failed", re: "5.1", task_id: "1.1.1", payload: { attempt: 1, reason: "late" } },
      ACCOUNTS.coordinator,
    );
    expect(found(audited(chained(log.messages)))).toEqual([
      ["unauthorised", "warning", before + 1],
      ["malformed", "warning", before + 2],
    ]);
  });

  test("finds a commit whose root is not what the log says", () => {
    const log = new TestLog();
    begin(log);
    for (let move = 0; log.owed("commit").length === 0 && move < 500; move++)
      play(log, { pick: 0, way: 0, wait: 1 });
    const { edition } = log.state;
    if (edition === null) throw new Error("there is no edition");
    const owed = log.the("commit");
    const payload = { ...commitOf(edition), root: "0".repeat(64) };
    log.discharge(owed, { v: 1, type: "festival_commit", re: owed.id, payload });
    expect(found(audited(chained(log.messages)))).toEqual([["commit", "error", log.messages.length]]);
  });

  test("finds a payment for a result that fails its own gate", () => {
    const log = new TestLog();
    begin(log);
    // Way 4 hands in results that say that they failed; way 0 pays whatever is there.
    for (let move = 0; log.owed("execute").length === 0 && move < 100; move++)
      play(log, { pick: 0, way: 0, wait: 1 });
    const owed = log.owed("execute")[0];
    if (owed === undefined) throw new Error("nothing is to be done");
    const payload = { status: "failed" as const, error: "no" };
    log.discharge(owed, { v: 1, type: "task_result", re: owed.id, task_id: owed.taskId ?? "", payload });
    for (let move = 0; (log.state.edition?.payments ?? 0) === 0 && move < 50; move++)
      play(log, { pick: 0, way: 0, wait: 1 });
    expect(found(audited(chained(log.messages))).map(([name]) => name)).toContain("verdict");
  });
});

describe("a checkpoint that is not what the log says", () => {
  /** A log of a thousand messages whose coordinator writes another text than the state's. */
  function checkpointed(change: (data: string) => string): LogAudit {
    const log = new TestLog();
    begin(log);
    while (log.messages.length < 1_000) log.say({ v: 1, type: "tick" }, ACCOUNTS.coordinator);
    const chain = chained(log.messages);
    // What is due names the running hash, so it is asked of the log as it is chained.
    const { state } = audited(chain);
    for (const owed of state.obligations.values()) {
      const body = owed.kind === "checkpoint" ? checkpointPart(state, owed) : null;
      if (body === null) continue;
      const payload = { ...body.payload, data: change(body.payload.data) };
      const id = effectId(owed, windowAt(owed, state.head?.timestamp ?? 0n));
      log.submit(encodeEntry({ ...body, payload }), owed.payer, id);
    }
    return audited(chained(log.messages));
  }

  test("is found, unless code of another version wrote it", () => {
    const honest = checkpointed((data) => data);
    expect({ problems: found(honest), checkpoints: honest.checkpoints }).toEqual({
      problems: [],
      checkpoints: 1,
    });
    const severities = (audit: LogAudit) =>
      new Set(audit.problems.map(({ name, severity }) => `${severity} ${name}`));
    const lie = checkpointed((data) => data.replace('"paused":false', '"paused":true'));
    expect(severities(lie)).toEqual(new Set(["error checkpoint"]));
    const other = checkpointed((data) => data.replace(/"format":\d+/, '"format":0'));
    expect(severities(other)).toEqual(new Set(["warning checkpoint"]));
  });
});

function changed(index: number, change: Partial<Message>): readonly Message[] {
  return messages.map((message, at) => (at === index ? { ...message, ...change } : message));
}
