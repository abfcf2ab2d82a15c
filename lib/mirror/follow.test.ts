import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatTimestamp } from "../hedera/timestamp.ts";
import { createMirror, type Mirror } from "./client.ts";
import { MirrorUnavailable } from "./error.ts";
import {
  type Batch,
  type FollowOptions,
  type FollowState,
  follow,
  followBatches,
  silenceSeconds,
} from "./follow.ts";
import type { Message } from "./message.ts";
import { type QuickClock, quickClock } from "./testing/clock.ts";
import { type TopicLog, topicLog } from "./testing/topic-log.ts";
import {
  cutAnswer,
  errorAnswer,
  type Fault,
  pageAnswer,
  regularPage,
  startWireServer,
  type WireServer,
} from "./testing/wire-server.ts";
import { createWake } from "./wake.ts";

/** For one answer. A hundredth of it passes on the quick clock, and a busy machine must not exceed that. */
const PATIENCE_MS = 1e7;

let server: WireServer;
let clock: QuickClock;
let mirror: Mirror;
let log: TopicLog;
let abort: AbortController;

beforeEach(() => {
  server = startWireServer();
  clock = quickClock();
  mirror = createMirror({ baseUrl: server.url, clock, timeoutMs: PATIENCE_MS });
  log = topicLog("0.0.7");
  server.add(log);
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await server.stop();
});

const add = (count: number) => {
  for (let index = 0; index < count; index++) log.append(`message ${log.messages.length + 1}`);
};
const options = (change: Partial<FollowOptions> = {}): FollowOptions => ({
  mirror,
  topic: log.topic,
  signal: abort.signal,
  ...change,
});

/** The first `count` messages that a follower yields. */
async function firstMessages(count: number, change: Partial<FollowOptions> = {}): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of follow(options(change))) {
    messages.push(message);
    if (messages.length === count) break;
  }
  return messages;
}

/** Starts a follower and collects what it yields and what it says. */
function watch(change: Partial<FollowOptions> = {}) {
  const batches: Batch[] = [];
  const states: FollowState[] = [];
  const told = createWake();
  const running = (async () => {
    const onState = (state: FollowState) => {
      states.push(state);
      told.ring();
    };
    for await (const batch of followBatches(options({ ...change, onState }))) {
      batches.push(batch);
      told.ring();
    }
  })();
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!condition()) return;
        leave();
        resolve();
      };
      const leave = told.subscribe(check);
      check();
    });
  const phase = () => states.at(-1)?.phase;
  const sequences = () => batches.flatMap((batch) => batch.messages.map((message) => message.sequence));
  return { batches, states, running, until, phase, sequences };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("following a topic", () => {
  test("yields what is there, over all pages, then what comes", async () => {
    add(250);
    const watched = watch();
    await watched.until(() => watched.sequences().length === 250);
    add(3);
    await watched.until(() => watched.sequences().length === 253);
    expect(watched.batches.flatMap((batch) => batch.messages)).toEqual([...log.messages]);
  });

  test("does not pause between pages until it has reached the head", async () => {
    add(250);
    expect(await firstMessages(250, { pace: { pollMs: 1e9, idleMs: 1e9 } })).toHaveLength(250);
  });

  test("starts after a given message", async () => {
    add(10);
    const from = log.messages[3];
    const messages = await firstMessages(6, from === undefined ? {} : { from });
    expect(messages.map((message) => message.sequence)).toEqual(range(5, 10));
  });

  test("says with a batch whether it has reached the head", async () => {
    add(120);
    const watched = watch();
    await watched.until(() => watched.sequences().length === 120);
    expect(watched.batches.map(({ messages, caughtUp }) => [messages.length, caughtUp])).toEqual([
      [100, false],
      [20, true],
    ]);
  });

  test("says so with an empty batch if the last page was full", async () => {
    add(100);
    const watched = watch();
    await watched.until(() => watched.batches.length === 2);
    expect(watched.batches.map(({ messages, caughtUp }) => [messages.length, caughtUp])).toEqual([
      [100, false],
      [0, true],
    ]);
  });

  test("ends cleanly at the abort, also in the middle of a request", async () => {
    const asked = Promise.withResolvers<void>();
    const never = Promise.withResolvers<Response>();
    server.faults.push(() => {
      asked.resolve();
      return never.promise;
    });
    const watched = watch();
    await asked.promise;
    abort.abort();
    await watched.running;
    expect(watched.phase()).toBe("connecting");
    never.resolve(new Response(null));
  });

  test("ends cleanly when it is aborted before it begins", async () => {
    abort.abort();
    await watch().running;
    expect(server.requests).toEqual([]);
  });

  test("stops listening for wake-ups when the reader stops", async () => {
    add(1);
    let listeners = 0;
    const wake = {
      subscribe: () => {
        listeners += 1;
        return () => {
          listeners -= 1;
        };
      },
    };
    await firstMessages(1, { wake });
    expect(listeners).toBe(0);
  });
});

describe("waiting at the head", () => {
  const SLOW = { pollMs: 1e9, idleMs: 1e9 };

  test("asks at once when woken", async () => {
    add(1);
    const wake = createWake();
    const watched = watch({ wake, pace: SLOW });
    await watched.until(() => watched.phase() === "live");
    add(1);
    wake.ring();
    await watched.until(() => watched.sequences().length === 2);
  });

  test("asks again if woken while it was asking", async () => {
    add(1);
    const wake = createWake();
    server.faults.push((url) => {
      const before = regularPage(log, url);
      add(1);
      wake.ring();
      return before;
    });
    const watched = watch({ wake, pace: SLOW });
    await watched.until(() => watched.sequences().length === 2);
  });

  test("asks less often the longer nothing happens", async () => {
    add(1);
    const watched = watch({ pace: { pollMs: 100, idleMs: 500 } });
    await watched.until(() => watched.states.length > 45);
    const polls = clock.waits.filter((wait) => wait !== PATIENCE_MS);
    expect(polls.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 100));
    expect(polls.slice(40, 42)).toEqual([500, 500]);
  });
});

describe("a topic that does not exist", () => {
  test("is told from an empty one", async () => {
    const empty = watch();
    await empty.until(() => empty.batches.length === 1);
    expect(empty.batches).toEqual([{ messages: [], caughtUp: true }]);
    expect(empty.phase()).toBe("live");

    const absent = watch({ topic: "0.0.8" });
    await absent.until(() => absent.states.length > 3);
    expect(absent.batches).toEqual([]);
    expect(absent.phase()).toBe("absent");
  });

  test("is followed as soon as it exists", async () => {
    const later = topicLog("0.0.8");
    const watched = watch({ topic: later.topic });
    await watched.until(() => watched.phase() === "absent");
    server.add(later);
    later.append("hello");
    await watched.until(() => watched.sequences().length === 1);
    expect(watched.phase()).toBe("live");
  });

  test("is absent also if it did exist", async () => {
    add(3);
    const watched = watch();
    await watched.until(() => watched.phase() === "live");
    server.remove(log);
    await watched.until(() => watched.phase() === "absent");
    expect(watched.states.at(-1)?.position?.sequence).toBe(3);
  });
});

describe("a bad mirror node", () => {
  const everyKind: [string, Fault][] = [
    ["a 500", () => errorAnswer(500, "Internal error")],
    ["a 429 with Retry-After", () => errorAnswer(429, "Too many requests", { "retry-after": "1" })],
    ["a 404", () => errorAnswer(404, "Not found")],
    ["a cut connection", cutAnswer],
    ["a page of something else", () => new Response("<html>")],
    ["an empty page, as of before all", (url) => regularPage(log, url, 0)],
    ["a page of a replica that lags", (url) => regularPage(log, url, 2)],
    ["a page with a gap", (url) => regularPage(without(log, 4), url)],
    ["a page in the wrong order", (url) => regularPage(reordered(log), url)],
    ["a page with repetitions", () => pageAnswer([...log.messages.slice(0, 5), ...log.messages.slice(2, 7)])],
    ["a page of another topic's hashes", (url) => regularPage(other(log), url)],
    ["a page with a forged message", (url) => regularPage(forged(log, 6), url)],
  ];

  test.each(everyKind)("that gives %s loses, repeats and reorders nothing", async (_name, fault) => {
    add(7);
    server.faults.push(fault, fault);
    expect(await firstMessages(7)).toEqual(log.messages.slice(0, 7));
  });

  test.each(everyKind.filter(([name]) => !/repetitions/.test(name)))(
    "that gives %s while live loses, repeats and reorders nothing",
    async (_name, fault) => {
      add(3);
      const watched = watch();
      await watched.until(() => watched.phase() === "live");
      server.faults.push(fault, fault, fault);
      add(4);
      await watched.until(() => watched.sequences().length === 7);
      expect(watched.sequences()).toEqual(range(1, 7));
    },
  );

  test("that fails in any order loses, repeats and reorders nothing", async () => {
    const kinds = everyKind.map(([, fault]) => fault);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.constantFrom(...kinds), { freq: 3 }), { maxLength: 12 }),
        async (faults) => {
          log = topicLog("0.0.7");
          server.add(log);
          add(130);
          server.faults.splice(0, Infinity, ...faults.map((fault) => fault ?? (() => undefined)));
          const watched = watch();
          await watched.until(() => watched.sequences().length === 130);
          add(20);
          await watched.until(() => watched.sequences().length === 150);
          expect(watched.sequences()).toEqual(range(1, 150));
          abort.abort();
          await watched.running;
          abort = new AbortController();
        },
      ),
      { numRuns: 25 },
    );
  });

  test("whose page has a gap is asked for the missing message by its number", async () => {
    add(7);
    server.faults.push(
      (url) => regularPage(without(log, 4), url),
      (url) => regularPage(without(log, 4), url),
    );
    await firstMessages(7);
    expect(server.requests.some((url) => url.endsWith("sequencenumber=gt:2"))).toBe(true);
  });

  test("that never has a message is never skipped", async () => {
    add(7);
    server.faults.push(
      ...Array.from({ length: 200 }, (): Fault => (url) => regularPage(without(log, 4), url)),
    );
    const watched = watch();
    await watched.until(() => watched.states.filter((state) => state.phase === "gap").length === 3);
    expect(watched.sequences()).toEqual([1, 2, 3]);
    expect(watched.batches.some((batch) => batch.caughtUp)).toBe(false);
    expect(watched.states.at(-1)?.position?.sequence).toBe(3);
  });

  test("is asked at growing intervals and told of", async () => {
    add(1);
    server.faults.push(...Array.from({ length: 4 }, () => () => errorAnswer(503, "Busy")));
    const watched = watch({ pace: { backoff: { firstMs: 100, maxMs: 400 } } });
    await watched.until(() => watched.phase() === "live");
    expect(clock.waits.filter((wait) => wait < PATIENCE_MS).slice(0, 4)).toEqual([75, 150, 300, 300]);
    const unreachable = watched.states.filter((state) => state.phase === "unreachable");
    expect(unreachable.map((state) => state.failures)).toEqual([1, 2, 3, 4]);
    expect(unreachable.at(0)?.error).toBeInstanceOf(MirrorUnavailable);
    expect(watched.states.at(-1)).toMatchObject({ failures: 0, error: null });
  });

  test("is left alone for as long as it asks", async () => {
    add(1);
    server.faults.push(() => errorAnswer(429, "Too many requests", { "retry-after": "7" }));
    await firstMessages(1);
    expect(clock.waits).toContain(7_000);
  });

  test("that goes silent is not waited for", async () => {
    add(1);
    const never = Promise.withResolvers<Response>();
    server.faults.push(() => never.promise);
    const impatient = createMirror({ baseUrl: server.url, clock, timeoutMs: 5_000 });
    expect(await firstMessages(1, { mirror: impatient })).toHaveLength(1);
    never.resolve(new Response(null));
  });
});

describe("continuity", () => {
  test("is proved by asking for the last known message again", async () => {
    add(2);
    const watched = watch();
    await watched.until(() => watched.states.length > 3);
    expect(server.requests.at(-1)).toEndWith(`timestamp=gt:${beforeLast()}`);
  });

  test("is not proved by a replica that lags: the head is not reached", async () => {
    add(3);
    const watched = watch();
    await watched.until(() => watched.phase() === "live");
    const proven = watched.states.at(-1)?.provenAt ?? null;
    const lagging: Fault = (url) =>
      url.pathname.endsWith("/messages") ? regularPage(log, url, 2) : undefined;
    server.faults.push(...Array.from({ length: 100 }, () => lagging));
    await watched.until(() => watched.phase() === "stale");
    expect(watched.states.at(-1)?.provenAt).toBe(proven);
  });

  test("is broken if the network was reset: nothing of the new one is yielded", async () => {
    add(3);
    const watched = watch();
    await watched.until(() => watched.phase() === "live");
    const reset = topicLog("0.0.7", log.messages[1]?.timestamp ?? 0n);
    for (let number = 1; number <= 9; number++) reset.append(`another ${number}`);
    server.add(reset);
    await watched.until(() => watched.phase() === "diverged");
    expect(watched.sequences()).toEqual([1, 2, 3]);
  });

  test("is broken by a forged message, unless told not to verify", async () => {
    add(3);
    server.faults.push(
      ...Array.from({ length: 100 }, (): Fault => (url) => regularPage(forged(log, 3), url)),
    );
    const watched = watch();
    await watched.until(() => watched.phase() === "tampered");
    expect(watched.sequences()).toEqual([1, 2]);
    expect((await firstMessages(3, { verify: false })).at(-1)?.payer).toBe("0.0.666");
  });

  test("is verified from a message whose running hash is not known", async () => {
    add(5);
    const { sequence = 0, timestamp = 0n } = log.messages[1] ?? {};
    server.faults.push(
      ...Array.from({ length: 100 }, (): Fault => (url) => regularPage(forged(log, 3), url)),
    );
    const watched = watch({ from: { sequence, timestamp } });
    await watched.until(() => watched.phase() === "tampered");
    expect(watched.sequences()).toEqual([]);
  });

  test("is broken by a consensus time that is not later", async () => {
    add(3);
    const watched = watch();
    await watched.until(() => watched.phase() === "live");
    add(1);
    const [last, before] = [log.messages.at(-1), log.messages.at(-2)];
    if (last === undefined || before === undefined) throw new Error("no messages");
    const early = { ...last, timestamp: before.timestamp };
    server.faults.push(...Array.from({ length: 100 }, (): Fault => () => pageAnswer([before, early])));
    await watched.until(() => watched.phase() === "disorder");
    expect(watched.sequences()).toEqual([1, 2, 3]);
  });

  const beforeLast = () => formatTimestamp((log.messages.at(-1)?.timestamp ?? 0n) - 1n);
});

describe("silenceSeconds", () => {
  const state: FollowState = { phase: "live", position: null, provenAt: null, failures: 0, error: null };

  test("counts from the last proof of life", () => {
    expect(silenceSeconds(state, 5_000_000_000n)).toBeNull();
    expect(silenceSeconds({ ...state, provenAt: 1_000_000_000n }, 5_900_000_000n)).toBe(4n);
  });
});

function without({ messages }: TopicLog, sequence: number): TopicLog {
  return { ...log, messages: messages.filter((message) => message.sequence !== sequence) };
}

function reordered({ messages }: TopicLog): TopicLog {
  return { ...log, messages: [...messages].reverse() };
}

function other({ messages }: TopicLog): TopicLog {
  const runningHash = new Uint8Array(48).fill(7);
  return { ...log, messages: messages.map((message) => ({ ...message, runningHash })) };
}

function forged({ messages }: TopicLog, sequence: number): TopicLog {
  const forge = (message: Message): Message =>
    message.sequence === sequence ? { ...message, payer: "0.0.666" } : message;
  return { ...log, messages: messages.map(forge) };
}
