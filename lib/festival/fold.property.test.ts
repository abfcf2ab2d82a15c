import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { addSeconds, type Timestamp } from "../hedera/timestamp.ts";
import { formatTransactionId } from "../hedera/transaction-id.ts";
import type { Message } from "../mirror/message.ts";
import { encodeEntry } from "./entry/entry.ts";
import { fold, foldAll } from "./fold.ts";
import { effectId, FAILURE_PART, type Obligation, windowAt } from "./obligation.ts";
import { EMPTY_STATE, type State } from "./state.ts";
import { ACCOUNTS, TestLog } from "./testing/log.ts";
import { begin, type Move, play } from "./testing/player.ts";

// Hundreds of logs a property: seconds, and more where others want the processor, too.
setDefaultTimeout(60_000);

// Hundreds of festivals on a busy machine; a hang is what this ends, not slowness.
setDefaultTimeout(120_000);

const move: fc.Arbitrary<Move> = fc.record({
  pick: fc.nat(50),
  way: fc.oneof({ arbitrary: fc.nat(98), weight: 20 }, { arbitrary: fc.constantFrom(98, 99), weight: 2 }),
  wait: fc.oneof(
    { arbitrary: fc.constant(0), weight: 30 },
    { arbitrary: fc.integer({ min: 1, max: 70 }), weight: 4 },
    { arbitrary: fc.integer({ min: 170, max: 600 }), weight: 1 },
  ),
});

/** A log of a festival played at random. */
const logs = fc.array(move, { minLength: 60, maxLength: 240 }).map((moves) => {
  const log = new TestLog();
  begin(log);
  for (const one of moves) play(log, one);
  return log.messages;
});

function states(messages: readonly Message[]): readonly State[] {
  const all: State[] = [];
  let state = EMPTY_STATE;
  for (const message of messages) {
    state = fold(state, message);
    all.push(state);
  }
  return all;
}

/** What of a state a message that does not count may change. */
function substance({ head: _head, verdict: _verdict, counts: _counts, reserved: _reserved, ...rest }: State) {
  return rest;
}

describe("the fold", () => {
  test("is deterministic, and the same for any split of the log", () => {
    fc.assert(
      fc.property(logs, fc.nat(), (messages, cut) => {
        const at = cut % (messages.length + 1);
        const whole = foldAll(messages);
        expect(foldAll(messages)).toEqual(whole);
        expect(foldAll(messages.slice(at), foldAll(messages.slice(0, at)))).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  test("changes nothing of the state that it was given", () => {
    fc.assert(
      fc.property(logs, (messages) => {
        const all = states(messages);
        const copies = structuredClone(all);
        states(messages);
        expect(all).toEqual(copies);
      }),
      { numRuns: 30 },
    );
  });

  test("reaches paid, failed and committed editions in play, so that the other properties mean something", () => {
    const reached = new Set<string>();
    for (const messages of fc.sample(logs, { numRuns: 200, seed: 7 })) {
      const state = foldAll(messages);
      for (const task of state.edition?.tasks.values() ?? []) {
        reached.add(task.state);
        if (task.approval) reached.add("approval");
        if (task.payment) reached.add(`paid ${task.spec.kind} ${task.spec.approval ?? ""}`);
        if (task.trade) reached.add(`trade ${task.trade.stage}`);
      }
      if (state.commits > 0) reached.add("committed");
    }
    expect([...reached]).toEqual(
      expect.arrayContaining([
        ...["assigned", "committed", "failed", "paid", "trade settled", "trade failed"],
        ...["approval", "paid manual ", "paid gather owner"],
      ]),
    );
  });

  test("is indifferent to unknown, malformed, unauthorised and misplaced entries", () => {
    const encoder = new TextEncoder();
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => encoder.encode(text)),
      fc.constantFrom(
        encoder.encode('{"v":1,"type":"brand_new","payload":{}}'),
        encoder.encode('{"v":2,"type":"task_result"}'),
        encoder.encode(
          '{"v":1,"type":"task_result","re":"1.1","task_id":"1.1.1","payload":{"status":"completed"}}',
        ),
        encoder.encode('{"v":1,"type":"payment_settled","__proto__":{"polluted":true}}'),
        encodeEntry({ v: 1, type: "pause" }),
        encodeEntry({ v: 1, type: "festival_plan", re: "1.1", payload: FORGED_PLAN }),
      ),
    );
    const payer = fc.constantFrom(ACCOUNTS.stranger, ACCOUNTS.inference, ACCOUNTS.defi, ACCOUNTS.desk);
    fc.assert(
      fc.property(logs, noise, payer, (messages, bytes, account) => {
        const log = new TestLog();
        for (const message of messages) log.submit(message.bytes, message.payer, message.transactionId);
        const before = log.state;
        const after = log.submit(bytes, account);
        expect(after.verdict?.kind).not.toBe("accepted");
        expect(substance(after)).toEqual(substance(before));
      }),
      { numRuns: 100 },
    );
  });

  test("discharges an obligation at most once, whoever repeats the entry in whichever window", () => {
    fc.assert(
      fc.property(logs, fc.nat(), fc.integer({ min: 0, max: 3 }), (messages, which, laterWindow) => {
        const all = states(messages);
        const discharging = messages.filter((message, index) => {
          const state = all[index];
          return (
            state?.verdict?.kind === "accepted" && new TextDecoder().decode(message.bytes).includes('"re"')
          );
        });
        const again = discharging[which % Math.max(1, discharging.length)];
        if (again === undefined || again.transactionId === null) return;
        const log = new TestLog();
        for (const message of messages) log.submit(message.bytes, message.payer, message.transactionId);
        const validStart = addSeconds(again.transactionId.validStart, 180 * laterWindow);
        const before = log.state;
        const after = log.submit(again.bytes, again.payer, { payer: again.payer, validStart });
        expect(after.verdict?.kind).toBe("refused");
        expect(substance(after)).toEqual(substance(before));
      }),
      { numRuns: 100 },
    );
  });

  test("never gives two obligations of a payer a transaction id in common", () => {
    fc.assert(
      fc.property(logs, (messages) => {
        const owner = new Map<string, string>();
        for (const [obligation, closed] of lifetimes(messages)) {
          for (let k = 0; k <= windowAt(obligation, closed); k++) {
            for (let part = 0; part <= FAILURE_PART; part++) {
              const id = formatTransactionId(effectId(obligation, k, part));
              expect(owner.get(id) ?? obligation.id).toBe(obligation.id);
              owner.set(id, obligation.id);
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

const FORGED_PLAN = {
  edition: 9,
  part: 1,
  parts: 1,
  name: "forged",
  tasks: 1,
  plan_sha256: "f".repeat(64),
  phases: [],
  sequences: [],
};

/** Every obligation that a log ever created, with the log time at which it ended (or the log does). */
function lifetimes(messages: readonly Message[]): readonly (readonly [Obligation, Timestamp])[] {
  const born = new Map<string, Obligation>();
  const ended = new Map<string, Timestamp>();
  for (const state of states(messages)) {
    const now = state.head?.timestamp ?? 0n;
    for (const obligation of state.obligations.values()) born.set(obligation.id, obligation);
    for (const id of born.keys()) ended.set(id, state.obligations.has(id) ? now : (ended.get(id) ?? now));
  }
  return [...born.values()].map((obligation) => [obligation, ended.get(obligation.id) ?? 0n]);
}
