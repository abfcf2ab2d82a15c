import { describe, expect, test } from "bun:test";
import {
  AccountBalanceQuery,
  Hbar,
  Timestamp as SdkTimestamp,
  TopicCreateTransaction,
  TopicMessageQuery,
  TopicMessageSubmitTransaction,
  TransferTransaction,
} from "@hashgraph/sdk";
import * as z from "zod/mini";
import {
  type DevnetUnderTest,
  idAtNetworkTime,
  openClient,
  startUnderTest,
  until,
} from "./devnet-fixture.ts";
import type { Fault } from "./fault/fault.ts";
import { TOTAL_SUPPLY } from "./ledger/genesis.ts";

async function createTopic(net: DevnetUnderTest): Promise<string> {
  return String((await net.send(new TopicCreateTransaction())).topicId);
}

/** Sends a transaction once, and gives what became of the answer: `OK`, or the text of the error. */
async function answerOf(
  net: Pick<DevnetUnderTest, "devnet" | "client">,
  deadlineMs = 5_000,
): Promise<string> {
  const transaction = new TopicCreateTransaction().setTransactionId(idAtNetworkTime(net.devnet));
  const sent = transaction.setMaxAttempts(1).setGrpcDeadline(deadlineMs).execute(net.client);
  return sent.then(
    () => "OK",
    (error: unknown) => String(error),
  );
}

describe("the consensus node", () => {
  test.each<[Fault, string, number]>([
    [{ kind: "node-unavailable" }, "UNAVAILABLE", 0],
    [{ kind: "node-busy" }, "BUSY", 0],
    [{ kind: "node-drop" }, "UNAVAILABLE", 1],
    [{ kind: "node-duplicate" }, "DUPLICATE_TRANSACTION", 1],
  ])("with %p answers accordingly, and has done the work or not", async (fault, answer, topics) => {
    const net = await startUnderTest({ faults: [fault] });
    expect(await answerOf(net)).toMatch(answer);
    expect(net.devnet.ledger.topics.size).toBe(topics);
    net.devnet.faults.clear();
    // The SDK lets a node that failed rest for a while.
    expect(await answerOf({ ...net, client: openClient(net.devnet) })).toBe("OK");
  });

  test("with a stalled answer lets the client's deadline end the call, and has done the work", async () => {
    const net = await startUnderTest();
    net.devnet.faults.inject({ kind: "node-stall", count: 1 });
    expect(await answerOf(net, 200)).not.toBe("OK");
    expect(net.devnet.ledger.topics.size).toBe(1);
  });

  test("that is busy now and then only slows the SDK down", async () => {
    const net = await startUnderTest({ faults: [{ kind: "node-busy", every: 2 }] });
    for (let n = 0; n < 3; n++) await createTopic(net);
    const balance = await new AccountBalanceQuery({ accountId: "0.0.98" }).execute(net.client);
    expect(balance.hbars.toTinybars().toNumber()).toBeGreaterThan(0);
    expect(net.devnet.faults.active[0]?.struck).toBeGreaterThanOrEqual(3);
  });

  test("with a throttle answers BUSY to what is too much", async () => {
    const net = await startUnderTest({
      clock: { speed: 0 },
      faults: [{ kind: "throttle-precheck", per_second: 2 }],
    });
    expect([await answerOf(net), await answerOf(net)]).toEqual(["OK", "OK"]);
    expect(await answerOf(net)).toContain("BUSY");
    await net.devnet.clock.advance(1);
    expect(await answerOf({ ...net, client: openClient(net.devnet) })).toBe("OK");
  });

  test("with a throttle at consensus charges for what it does not do", async () => {
    const net = await startUnderTest({
      clock: { speed: 0 },
      faults: [{ kind: "throttle-consensus", per_second: 1 }],
    });
    const statuses = [];
    for (let n = 0; n < 2; n++) {
      const transfer = new TransferTransaction()
        .addHbarTransfer("0.0.2", Hbar.fromTinybars(-1_000))
        .addHbarTransfer("0.0.800", Hbar.fromTinybars(1_000));
      statuses.push((await net.send(transfer)).status.toString());
    }
    expect(statuses).toEqual(["SUCCESS", "THROTTLED_AT_CONSENSUS"]);
    expect(net.devnet.ledger.accounts.get("0.0.800")?.balance).toBe(1_000n);
    const Charged = z.object({ transactions: z.array(z.looseObject({ charged_tx_fee: z.number() })) });
    const { transactions } = z.parse(Charged, (await net.get("/transactions")).body);
    expect(transactions.map(({ charged_tx_fee }) => charged_tx_fee > 0)).toEqual([true, true]);
    const balances = [...net.devnet.ledger.accounts.values()].map(({ balance }) => balance);
    expect(balances.reduce((sum, balance) => sum + balance, 0n)).toBe(TOTAL_SUPPLY);
  });

  test("takes longer while finality is slow", async () => {
    const net = await startUnderTest({ clock: { speed: 0 } });
    const slow = net.devnet.faults.inject({ kind: "finality", ms: 3_000 });
    expect(await answerOf(net)).toBe("OK");
    await net.devnet.clock.advance(2);
    expect(net.devnet.ledger.topics.size).toBe(0);
    await net.devnet.clock.advance(1);
    expect(net.devnet.ledger.topics.size).toBe(1);
    net.devnet.faults.clear(slow);
    await createTopic(net);
    expect(net.devnet.ledger.topics.size).toBe(2);
  });
});

describe("the mirror's REST API", () => {
  test("answers 404 until a lagging mirror has imported", async () => {
    const net = await startUnderTest({ clock: { speed: 0 }, faults: [{ kind: "mirror-lag", ms: 7_000 }] });
    const topic = await createTopic(net);
    await net.devnet.clock.advance(6);
    expect((await net.get(`/topics/${topic}`)).status).toBe(404);
    await net.devnet.clock.advance(1);
    expect((await net.get(`/topics/${topic}`)).status).toBe(200);
  });

  test.each([429, 500, 503])("answers %p, as often as it is told to", async (status) => {
    const net = await startUnderTest({ faults: [{ kind: "rest-error", status, retry_after: 2, count: 1 }] });
    const response = await fetch(`${net.devnet.network.mirror}/api/v1/blocks`);
    expect([response.status, response.headers.get("Retry-After")]).toEqual([status, "2"]);
    expect(await response.json()).toMatchObject({ _status: { messages: [{}] } });
    expect((await net.get("/blocks")).status).toBe(200);
  });

  test("fails only where it is told to", async () => {
    const net = await startUnderTest({
      faults: [{ kind: "rest-error", status: 500, path: "/api/v1/tokens" }],
    });
    expect([(await net.get("/accounts")).status, (await net.get("/tokens")).status]).toEqual([200, 500]);
  });

  /** The first part of an answer's body, and what is to be had of the rest within a moment. */
  async function partsOf(net: DevnetUnderTest) {
    const response = await fetch(`${net.devnet.network.mirror}/api/v1/accounts`);
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    const rest = reader?.read().catch((error: unknown) => String(error));
    const second = await Promise.race([rest, Bun.sleep(100).then(() => "nothing")]);
    return { first, second, cancel: () => reader?.cancel() };
  }

  test("breaks off in the middle of its body", async () => {
    const net = await startUnderTest({ faults: [{ kind: "rest-cut" }] });
    const { first, second } = await partsOf(net);
    expect(first).toStartWith('{"accounts":[{');
    expect(second).toMatch(/socket|ECONN/i);
  });

  test("stalls in the middle of its body", async () => {
    const net = await startUnderTest({ faults: [{ kind: "rest-stall" }] });
    const { first, second, cancel } = await partsOf(net);
    expect(first).toStartWith('{"accounts":[{');
    expect(second).toBe("nothing");
    await cancel();
  });

  test("answers every other time from a replica that is behind", async () => {
    const net = await startUnderTest({ clock: { speed: 0 } });
    const topic = await createTopic(net);
    const submit = (message: string) =>
      net.send(new TopicMessageSubmitTransaction({ topicId: topic, message }));
    const Messages = z.object({ messages: z.array(z.looseObject({ sequence_number: z.number() })) });
    const counts = async (times: number) => {
      const seen: number[] = [];
      for (let n = 0; n < times; n++) {
        seen.push(z.parse(Messages, (await net.get(`/topics/${topic}/messages`)).body).messages.length);
      }
      return seen;
    };
    await submit("one");
    expect(await counts(1)).toEqual([1]);
    const stale = net.devnet.faults.inject({ kind: "rest-stale", ms: 10_000 });
    await submit("two");
    await submit("three");
    expect(await counts(4)).toEqual([3, 1, 3, 1]);
    await net.devnet.clock.advance(10);
    expect(await counts(2)).toEqual([3, 3]);
    const id = net.devnet.snapshot();
    await submit("four");
    net.devnet.revert(id);
    expect(await counts(2)).toEqual([3, 3]);
    await net.devnet.clock.advance(10);
    expect(await counts(2)).toEqual([3, 3]);
    net.devnet.faults.clear(stale);
    await submit("five");
    expect(await counts(2)).toEqual([4, 4]);
  });
});

/** Reads a topic over mirror gRPC by the SDK without its retries: the messages, and how the stream ended. */
function subscribe(net: DevnetUnderTest, topic: string) {
  const messages: string[] = [];
  const ended = new Promise<string>((resolve) => {
    new TopicMessageQuery({ topicId: topic, startTime: new SdkTimestamp(0, 0) })
      .setMaxAttempts(0)
      .setCompletionHandler(() => resolve("completed"))
      .setErrorHandler((_, error) => resolve(String(error)))
      .subscribe(net.client, null, ({ contents }) => messages.push(new TextDecoder().decode(contents)));
  });
  return { messages, ended };
}

async function topicOf(net: DevnetUnderTest, ...messages: string[]): Promise<string> {
  const topic = await createTopic(net);
  for (const message of messages)
    await net.send(new TopicMessageSubmitTransaction({ topicId: topic, message }));
  return topic;
}

describe("the mirror's gRPC", () => {
  test("breaks off instead of a message", async () => {
    const net = await startUnderTest({ faults: [{ kind: "stream-cut", stream: "grpc", every: 3 }] });
    const { messages, ended } = subscribe(net, await topicOf(net, "one", "two", "three", "four"));
    expect(await ended).toContain("UNAVAILABLE");
    expect(messages).toEqual(["one", "two"]);
  });

  test("delivers a message twice", async () => {
    const net = await startUnderTest({ faults: [{ kind: "stream-duplicate", count: 1 }] });
    const { messages } = subscribe(net, await topicOf(net, "one", "two"));
    await until(() => messages.includes("two"));
    expect(messages).toEqual(["one", "one", "two"]);
  });

  test("stalls, and goes on where it was", async () => {
    const net = await startUnderTest();
    const topic = await topicOf(net, "one");
    const { messages } = subscribe(net, topic);
    await until(() => messages.length === 1);
    const stall = net.devnet.faults.inject({ kind: "stream-stall", stream: "grpc" });
    await net.send(new TopicMessageSubmitTransaction({ topicId: topic, message: "two" }));
    await Bun.sleep(50);
    expect(messages).toEqual(["one"]);
    net.devnet.faults.clear(stall);
    await until(() => messages.length === 2);
    expect(messages).toEqual(["one", "two"]);
  });

  test("is not concerned by faults of other streams", async () => {
    const net = await startUnderTest({ faults: [{ kind: "stream-cut", stream: "ws" }] });
    const { messages } = subscribe(net, await topicOf(net, "one"));
    await until(() => messages.length === 1);
  });
});

/** A query of all messages of a topic, as a frame of gRPC-Web. */
function webQuery(topic: string): Uint8Array<ArrayBuffer> {
  const num = Number(topic.split(".")[2]);
  // ConsensusTopicQuery { topicID { topicNum }, consensusStartTime {} }
  const message = [0x0a, 0x03, 0x18, (num & 0x7f) | 0x80, num >> 7, 0x12, 0x00];
  return new Uint8Array([0, 0, 0, 0, message.length, ...message]);
}

test("gRPC-Web breaks off without trailers", async () => {
  const net = await startUnderTest({ faults: [{ kind: "stream-cut", stream: "grpc-web", every: 2 }] });
  const topic = await topicOf(net, "one", "two");
  const path = "com.hedera.mirror.api.proto.ConsensusService/subscribeTopic";
  const headers = { "Content-Type": "application/grpc-web+proto" };
  const response = await fetch(`${net.devnet.network.mirror}/${path}`, {
    method: "POST",
    headers,
    body: webQuery(topic),
  });
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain("one");
  expect(String(await reader?.read().catch((error: unknown) => error))).toMatch(/socket|ECONN/i);
});

describe("the relay's WebSocket", () => {
  async function openHeads(net: DevnetUnderTest) {
    const socket = new WebSocket(net.devnet.network.relayWs ?? "");
    const received: string[] = [];
    const closed = new Promise<void>((resolve) => socket.addEventListener("close", () => resolve()));
    socket.addEventListener("message", ({ data }) => received.push(String(data)));
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
    await until(() => received.length === 1);
    const heads = () => received.slice(1).length;
    return { heads, closed };
  }

  test("breaks off instead of a message", async () => {
    const net = await startUnderTest();
    const { heads, closed } = await openHeads(net);
    net.devnet.faults.inject({ kind: "stream-cut", stream: "ws", count: 1 });
    await createTopic(net);
    await closed;
    expect(heads()).toBe(0);
  });

  test("breaks off with all other streams that are open", async () => {
    const net = await startUnderTest();
    const { closed } = await openHeads(net);
    net.devnet.faults.cutStreams();
    await closed;
    const again = await openHeads(net);
    await createTopic(net);
    await until(() => again.heads() === 1);
  });

  test("stalls, and delivers later what it held", async () => {
    const net = await startUnderTest();
    const { heads } = await openHeads(net);
    const stall = net.devnet.faults.inject({ kind: "stream-stall" });
    await createTopic(net);
    await createTopic(net);
    await Bun.sleep(50);
    expect(heads()).toBe(0);
    net.devnet.faults.clear(stall);
    await until(() => heads() === 2);
  });

  test("delivers a message twice", async () => {
    const net = await startUnderTest();
    const { heads } = await openHeads(net);
    net.devnet.faults.inject({ kind: "stream-duplicate", stream: "ws", count: 1 });
    await createTopic(net);
    await until(() => heads() === 2);
  });
});
