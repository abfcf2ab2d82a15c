import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createMirror, type Mirror } from "./client.ts";
import { MirrorMalformed } from "./error.ts";
import { quickClock } from "./testing/clock.ts";
import { messageWire, topicLog } from "./testing/topic-log.ts";
import { pageAnswer, startWireServer, type WireServer } from "./testing/wire-server.ts";

const log = topicLog("0.0.7");
for (let number = 1; number <= 6; number++) log.append(`message ${number}`);
const [first, second] = log.messages;

let server: WireServer;
let mirror: Mirror;
beforeAll(() => {
  server = startWireServer();
  server.add(log);
  mirror = createMirror({ baseUrl: server.url, clock: quickClock() });
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.stop());

const sequencesOf = async (query: Omit<Parameters<Mirror["topicMessages"]>[0], "topic">) =>
  (await mirror.topicMessages({ topic: log.topic, ...query })).items.map((message) => message.sequence);

describe("a topic", () => {
  test("is known with its keys", async () => {
    const topic = await mirror.topic("0.0.7");
    expect(topic).toMatchObject({ id: "0.0.7", memo: "a log", adminKey: null, deleted: false });
    expect(topic?.submitKey).toMatchObject({ type: "ED25519" });
  });

  test("that does not exist is null", async () => {
    expect(await mirror.topic("0.0.8")).toBeNull();
  });
});

describe("a message", () => {
  test("comes out exactly as it went in", async () => {
    expect(await mirror.topicMessage("0.0.7", 2)).toEqual(second ?? null);
  });

  test("that the mirror node does not have is null", async () => {
    expect(await mirror.topicMessage("0.0.7", 7)).toBeNull();
    expect(await mirror.latestMessage("0.0.8")).toBeNull();
  });

  test("is found as the newest", async () => {
    expect((await mirror.latestMessage("0.0.7"))?.sequence).toBe(6);
  });

  test("may lack chunk info", async () => {
    server.faults.push(() => Response.json({ ...wire(1), chunk_info: null }));
    expect(await mirror.topicMessage("0.0.7", 1)).toMatchObject({ transactionId: null, chunk: null });
  });

  test.each([
    ["nonsense", { account_id: "x", transaction_valid_start: "-1.5" }],
    ["null", null],
    ["an empty object", {}],
  ])("is read even if its submitter gave %s as its initial transaction id", async (_name, initial) => {
    const chunk_info = { initial_transaction_id: initial, number: 2, total: 3 };
    server.faults.push(() => Response.json({ ...wire(1), chunk_info }));
    const message = await mirror.topicMessage("0.0.7", 1);
    expect(message).toMatchObject({ transactionId: null, chunk: { number: 2, total: 3 } });
  });

  test.each([
    ["another topic", { topic_id: "0.0.9" }],
    ["another sequence number", { sequence_number: 3 }],
    ["a cut running hash", { running_hash: "AAAA" }],
    ["a timestamp without nanoseconds", { consensus_timestamp: "1700000000" }],
    ["no payer", { payer_account_id: null }],
    ["bytes that are not base64", { message: "**" }],
  ])("with %s is malformed", async (_name, change) => {
    server.faults.push(() => Response.json({ ...wire(1), ...change }));
    await expect(mirror.topicMessage("0.0.7", 1)).rejects.toBeInstanceOf(MirrorMalformed);
  });
});

describe("messages", () => {
  test("come oldest first, bounded in time and number, bounds excluded", async () => {
    expect(await sequencesOf({})).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await sequencesOf({ after: second?.timestamp ?? 0n })).toEqual([3, 4, 5, 6]);
    expect(await sequencesOf({ before: second?.timestamp ?? 0n })).toEqual([1]);
    expect(await sequencesOf({ sequenceAfter: 2, sequenceBefore: 5 })).toEqual([3, 4]);
    // Which mirror nodes refuse as a bound.
    expect(await sequencesOf({ sequenceAfter: 0, sequenceBefore: 3 })).toEqual([1, 2]);
    expect(await sequencesOf({ order: "desc", limit: 2 })).toEqual([6, 5]);
  });

  test("of another topic are malformed", async () => {
    server.faults.push(() => pageAnswer(first === undefined ? [] : [{ ...first, topic: "0.0.9" }]));
    await expect(mirror.topicMessages({ topic: log.topic })).rejects.toBeInstanceOf(MirrorMalformed);
  });
});

function wire(sequence: number): Record<string, unknown> {
  const message = log.messages[sequence - 1];
  return message === undefined ? {} : messageWire(message);
}
