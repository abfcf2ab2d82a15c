import { describe, expect, test } from "bun:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { AccountId } from "../../hedera/id.ts";
import type { Message } from "../../mirror/message.ts";
import { encodeEntry } from "../entry/entry.ts";
import { foldAll } from "../fold.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../testing/log.ts";
import { begin, play } from "../testing/player.ts";
import { CHECKPOINT_INTERVAL, checkpointOf, stateHash } from "./checkpoint.ts";
import { decodeValue, encodeValue } from "./codec.ts";
import { findCheckpoint, type LogReads } from "./start.ts";

/** A festival of more than two boundaries, checkpoints written as they are owed. */
function longLog(length = 2 * CHECKPOINT_INTERVAL + 300): TestLog {
  const log = new TestLog();
  begin(log);
  for (let move = 0; log.messages.length < length; move++) {
    const pick = (move * 7) % 5;
    play(log, {
      pick: log.owed("checkpoint").length > 0 ? 1_000_000 + move : pick,
      way: (move * 13) % 98,
      wait: move % 9 === 0 ? 61 : 0,
    });
    if (log.owed("watch").length + log.owed("plan").length === log.state.obligations.size) log.advance(200);
  }
  return log;
}

/** Reads of a log, and how many messages they gave. */
function readsOf(messages: readonly Message[]): LogReads & { read: number } {
  const reads = {
    read: 0,
    latest: async () => messages.at(-1) ?? null,
    message: async (sequence: number) => messages[sequence - 1] ?? null,
    between: async (after: number, upTo: number) => {
      const found = messages.slice(after, upTo);
      reads.read += found.length;
      return found;
    },
  };
  return reads;
}

function messageAt(messages: readonly Message[], sequence: number): Message {
  const message = messages[sequence - 1];
  if (message === undefined) throw new Error(`there is no message ${sequence}`);
  return message;
}

function replaced(messages: readonly Message[], change: (message: Message) => Message): readonly Message[] {
  return messages.map(change);
}

describe("a cold start", () => {
  const log = longLog();
  const whole = log.state;

  test("from the newest checkpoint ends in the state of a fold of everything", async () => {
    const reads = readsOf(log.messages);
    const start = await findCheckpoint(reads);
    expect(start?.message.sequence).toBe(2 * CHECKPOINT_INTERVAL);
    const state = foldAll(log.messages.slice(start?.message.sequence), start?.state);
    expect(state).toEqual(whole);
    expect(stateHash(state)).toBe(stateHash(whole));
    for (const field of ["manifest", "edition", "obligations", "counts"] as const) {
      expect(encodeValue(state[field])).toBe(encodeValue(whole[field]));
    }
    expect(reads.read).toBeLessThanOrEqual(CHECKPOINT_INTERVAL + 1);
  });

  test("begins one boundary earlier while the newest is not written whole", async () => {
    const upTo = log.messages.findIndex((message) =>
      new TextDecoder().decode(message.bytes).includes('"sequence":2000'),
    );
    const start = await findCheckpoint(readsOf(log.messages.slice(0, upTo + 1)));
    expect(start?.message.sequence).toBe(CHECKPOINT_INTERVAL);
  });

  test("begins at the beginning of a short or an empty log", async () => {
    expect(await findCheckpoint(readsOf([]))).toBeNull();
    expect(await findCheckpoint(readsOf(log.messages.slice(0, 900)))).toBeNull();
  });

  test.each([
    ["whose data was changed", (text: string) => text.replace('"data":"', '"data":" ')],
    ["of another running hash", (text: string) => text.replace(/"running_hash":"00/, '"running_hash":"11')],
    ["of another state", (text: string) => text.replace(/"state_sha256":"../, '"state_sha256":"zz')],
  ])("refuses a checkpoint %s", async (_, tamper) => {
    const tampered = replaced(log.messages, (message) => {
      const text = new TextDecoder().decode(message.bytes);
      return text.includes('"type":"checkpoint"')
        ? { ...message, bytes: new TextEncoder().encode(tamper(text)) }
        : message;
    });
    expect(await findCheckpoint(readsOf(tampered))).toBeNull();
  });

  test("refuses a checkpoint that somebody else wrote, even one that calls its writer the coordinator", async () => {
    const forged = replaced(log.messages, (message) =>
      new TextDecoder().decode(message.bytes).includes('"type":"checkpoint"')
        ? { ...message, payer: ACCOUNTS.defi }
        : message,
    );
    expect(await findCheckpoint(readsOf(forged))).toBeNull();
  });
});

describe("an insider who writes checkpoints of its own", () => {
  const log = longLog(CHECKPOINT_INTERVAL + 200);
  const boundary = messageAt(log.messages, CHECKPOINT_INTERVAL);
  const real = checkpointOf(foldAll(log.messages.slice(0, CHECKPOINT_INTERVAL)), new Uint8Array(48));

  /** The log with forged entries right behind the boundary, before the real checkpoint. */
  function withForged(texts: readonly string[], payer: AccountId): readonly Message[] {
    const forged = texts.map((data) => ({
      v: 1 as const,
      type: "checkpoint" as const,
      re: "1000.900001",
      payload: {
        sequence: CHECKPOINT_INTERVAL,
        part: 1,
        parts: 1,
        running_hash: bytesToHex(boundary.runningHash),
        state_sha256: bytesToHex(sha256(utf8ToBytes(data))),
        data,
      },
    }));
    const written = forged.map((body): Message => ({ ...boundary, bytes: encodeEntry(body), payer }));
    return log.messages
      .toSpliced(CHECKPOINT_INTERVAL, 0, ...written)
      .map((message, index) => ({ ...message, sequence: index + 1 }));
  }

  test.each([
    ["no JSON", "{"],
    ["no state", "{}"],
    ["nothing", "null"],
    ["a state of nothing", '{"manifestSequence":1}'],
    ["a manifest that is none", '{"manifestSequence":7,"owner":"0.0.1001"}'],
    ["a number that is none", '{"manifestSequence":{"$n":"x"}}'],
  ])("of %s stops nobody, and does not hide the real one", async (_, text) => {
    const start = await findCheckpoint(readsOf(withForged([text], ACCOUNTS.defi)));
    expect(start?.message.sequence).toBe(CHECKPOINT_INTERVAL);
    expect(start?.state.manifest).toEqual(log.state.manifest);
  });

  test("is not believed who the coordinator is", async () => {
    const state = decodeValue(real?.parts.join("") ?? "{}");
    const roles = { coordinator: { thief: ACCOUNTS.defi } };
    const text = encodeValue({
      ...Object(state),
      edition: null,
      obligations: new Map(),
      forecasts: new Map(),
      scores: new Map(),
      reserved: new Map(),
      manifest: { roles },
    });
    const start = await findCheckpoint(readsOf(withForged([text], ACCOUNTS.defi)));
    expect(start?.state.manifest).toEqual(log.state.manifest);
  });

  test("is not believed by a manifest of its own, which the owner never wrote", async () => {
    const own = { ...MANIFEST.payload, roles: { coordinator: { thief: ACCOUNTS.defi } } };
    const manifest: Message = {
      ...messageAt(log.messages, 500),
      bytes: encodeEntry({ ...MANIFEST, payload: own }),
      payer: ACCOUNTS.defi,
    };
    const state = decodeValue(real?.parts.join("") ?? "{}");
    const text = encodeValue({
      ...Object(state),
      edition: null,
      obligations: new Map(),
      forecasts: new Map(),
      scores: new Map(),
      reserved: new Map(),
      manifest: own,
      manifestSequence: 500,
    });
    const forged = withForged([text], ACCOUNTS.defi).with(499, manifest);
    const start = await findCheckpoint(readsOf(forged));
    expect(start?.state.manifest).toEqual(log.state.manifest);
  });

  test("costs a cold start few reads, however many it writes", async () => {
    let asked = 0;
    const texts = Array.from({ length: 300 }, (_, index) => `{"manifestSequence":${index + 2}}`);
    const reads = readsOf(withForged(texts, ACCOUNTS.defi));
    const counted: LogReads = {
      ...reads,
      message: (sequence) => {
        asked += 1;
        return reads.message(sequence);
      },
    };
    expect((await findCheckpoint(counted))?.message.sequence).toBe(CHECKPOINT_INTERVAL);
    expect(asked).toBeLessThan(20);
  });
});

describe("a checkpoint in the log", () => {
  test("counts only if it is what the state was", () => {
    const log = longLog(CHECKPOINT_INTERVAL);
    const [owed] = log.owed("checkpoint");
    expect(owed?.agent).toBe("coordinator");
    if (owed === undefined) return;
    const due = log.state.checkpoint;
    const payload = {
      sequence: CHECKPOINT_INTERVAL,
      part: 1,
      parts: due?.parts.length ?? 0,
      running_hash: due?.runningHash ?? "",
      state_sha256: due?.hash ?? "",
      data: `${due?.parts[0]} `,
    };
    const body = { v: 1 as const, type: "checkpoint" as const, re: owed.id, payload };
    expect(log.discharge(owed, body).verdict?.kind).toBe("refused");
    expect(
      log.discharge(owed, { ...body, payload: { ...payload, data: due?.parts[0] ?? "" } }).verdict?.kind,
    ).toBe("accepted");
  });

  test("is cut into parts that fit an entry, whatever characters the state holds", () => {
    const log = new TestLog();
    begin(log);
    log.say({ v: 1, type: "pause", payload: { reason: '"\\ \u{1F389}'.repeat(30) } }, ACCOUNTS.owner);
    const state = { ...log.state, owner: "0.0.1", note: '"\\\u{1F389}\u0007'.repeat(400) };
    const parts = checkpointOf(state as never, new Uint8Array(48))?.parts ?? [];
    expect(parts.length).toBeGreaterThan(1);
    for (const [index, data] of parts.entries()) {
      const payload = {
        sequence: 123_456_000,
        part: index + 1,
        parts: 100,
        running_hash: "a".repeat(96),
        state_sha256: "b".repeat(64),
        data,
      };
      expect(() => encodeEntry({ v: 1, type: "checkpoint", re: "123456000.900100", payload })).not.toThrow();
    }
  });
});
