import { expect, test } from "bun:test";
import { encodeEntry } from "../../../lib/festival/entry/entry.ts";
import { foldAll } from "../../../lib/festival/fold.ts";
import { ACCOUNTS, MANIFEST } from "../../../lib/festival/testing/log.ts";
import { addSeconds, type Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import { CHAIN_START, nextRunningHash, verifyChain } from "../../../lib/mirror/running-hash.ts";
import { cheat } from "./cheat.ts";

/** A log whose running hashes are right. */
function chained(count: number): readonly Message[] {
  const messages: Message[] = [];
  let runningHash = CHAIN_START.runningHash;
  const start: Timestamp = 1_700_000_000_000_000_000n;
  for (let sequence = 1; sequence <= count; sequence++) {
    const timestamp = addSeconds(start, sequence);
    const bytes = encodeEntry(sequence === 1 ? MANIFEST : { v: 1, type: "tick" });
    const payer = sequence === 1 ? ACCOUNTS.owner : ACCOUNTS.coordinator;
    const hashed = {
      payer,
      topic: "0.0.3001",
      consensusTimestamp: timestamp,
      sequence,
      message: bytes,
    } as const;
    runningHash = nextRunningHash(runningHash, hashed);
    const transactionId = { payer, validStart: timestamp - 1n, scheduled: false, nonce: 0 };
    messages.push({
      topic: "0.0.3001",
      sequence,
      timestamp,
      payer,
      bytes,
      runningHash,
      transactionId,
      chunk: { number: 1, total: 1 },
    });
  }
  return messages;
}

const check = (kind: Parameters<typeof cheat>[0], count: number) => {
  const messages = chained(count);
  const forgery = cheat(kind, messages, foldAll(messages));
  if (forgery === null) throw new Error("there is nothing to lie about");
  const { after } = forgery;
  return {
    forgery,
    found: after === null ? verifyChain(forgery.messages) : verifyChain(forgery.messages, after),
  };
};

test("a log that nobody touched verifies", () => {
  expect(verifyChain(chained(30)).broken).toBeNull();
});

test.each([
  ["edit", 6, { sequence: 4, reason: "hash" }],
  ["drop", 6, { sequence: 5, reason: "sequence" }],
  ["reorder", 6, { sequence: 5, reason: "sequence" }],
  ["forge", 6, { sequence: 7, reason: "hash" }],
  ["edit", 40, { sequence: 31, reason: "hash" }],
  ["drop", 40, { sequence: 32, reason: "sequence" }],
  ["forge", 40, { sequence: 41, reason: "hash" }],
] as const)("to %s one of %p entries is found out", (kind, count, broken) => {
  expect(check(kind, count).found.broken).toEqual(broken);
});

test("a forged payment is unauthorised, too", () => {
  expect(check("forge", 6).forgery.verdict).toMatchObject({ kind: "unauthorised" });
});

test("the log that is lied about stays as it is", () => {
  const messages = chained(10);
  cheat("edit", messages, foldAll(messages));
  expect(verifyChain(messages).broken).toBeNull();
});

test("three entries are too few to lie about", () => {
  expect(cheat("edit", chained(3), foldAll(chained(3)))).toBeNull();
});
