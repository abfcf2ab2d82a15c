import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { AddressBookQuery, Client, FileId, TopicMessageQuery } from "@hashgraph/sdk";
import { addSeconds, formatTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import { fixedRate } from "../rate/fixed.ts";
import { Importer } from "../store/importer.ts";
import { SAMPLE, SAMPLE_START, sampleMessage, sampleState, sampleTime } from "../store/sample.ts";
import { Store } from "../store/store.ts";
import { type MirrorGrpc, startMirrorGrpc } from "./grpc.ts";
import { startMirrorHttp } from "./http.ts";

let store: Store;
let importer: Importer;
let grpc: MirrorGrpc;
let client: Client;
let clock: Timestamp;
const nodes = [{ account: "0.0.3", address: "127.0.0.1:50211" }] as const;

beforeEach(async () => {
  store = new Store(null);
  store.ingestGenesis(sampleState());
  importer = new Importer({ store, lagMs: 0 });
  clock = addSeconds(SAMPLE_START, 60);
  grpc = await startMirrorGrpc({ store, importer, now: () => clock, nodes: () => nodes, port: 0 });
  client = Client.forNetwork({});
  client.setMirrorNetwork(`127.0.0.1:${grpc.port}`);
});

afterEach(async () => {
  client.close();
  await grpc.close();
  importer.stop();
  store.close();
});

/** Subscribes with the real SDK and gives the sequence numbers of the first `count` messages. */
function subscribe(query: TopicMessageQuery, count: number): Promise<number[]> {
  const numbers: number[] = [];
  return new Promise((resolve, reject) => {
    const handle = query.setMaxAttempts(0).subscribe(
      client,
      (_, error) => reject(error),
      (message) => {
        numbers.push(message.sequenceNumber.toNumber());
        if (numbers.length < count) return;
        handle.unsubscribe();
        resolve(numbers);
      },
    );
  });
}

const query = () => new TopicMessageQuery().setTopicId(SAMPLE.topic);

describe("subscribeTopic, asked by the SDK", () => {
  test("gives what was there, then what comes, each once and in order", async () => {
    for (const n of [1, 2, 3]) importer.append(sampleMessage(n, n));
    importer.persist();
    const received = subscribe(query().setStartTime(0), 6);
    for (const n of [4, 5, 6]) {
      await Bun.sleep(5);
      importer.append(sampleMessage(n, n));
    }
    expect(await received).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("gives a thousand messages, more than fit on a page", async () => {
    const items = Array.from({ length: 1_100 }, (_, i) => sampleMessage(i + 1, i + 1));
    store.ingest(items);
    expect(await subscribe(query().setStartTime(0), 1_100)).toEqual(items.map((_, i) => i + 1));
  });

  test("starts at the time that it is asked for, inclusive, and ends before the end", async () => {
    store.ingest([1, 2, 3, 4, 5].map((n) => sampleMessage(n, n)));
    const numbers: number[] = [];
    await new Promise<void>((done) => {
      query()
        .setStartTime(sdkTime(2))
        .setEndTime(sdkTime(4))
        .setCompletionHandler(() => done())
        .subscribe(client, null, (message) => void numbers.push(message.sequenceNumber.toNumber()));
    });
    expect(numbers).toEqual([2, 3]);
  });

  test("completes at the limit", async () => {
    store.ingest([1, 2, 3].map((n) => sampleMessage(n, n)));
    const numbers: number[] = [];
    await new Promise<void>((done) => {
      query()
        .setStartTime(0)
        .setLimit(2)
        .setCompletionHandler(() => done())
        .subscribe(client, null, (message) => void numbers.push(message.sequenceNumber.toNumber()));
    });
    expect(numbers).toEqual([1, 2]);
  });

  test("resumes right after the last message, even where that ran ahead of the clock", async () => {
    clock = sampleTime(1) - 1n;
    store.ingest([sampleMessage(1, 1)]);
    const resumed = subscribe(query().setStartTime(sdkTime(2)), 1);
    importer.append(sampleMessage(2, 2));
    expect(await resumed).toEqual([2]);
  });

  test("carries contents, running hash, time and chunk information", async () => {
    store.ingest([sampleMessage(1, 1)]);
    const message = await new Promise<import("@hashgraph/sdk").TopicMessage>((resolve) => {
      const handle = query()
        .setStartTime(0)
        .subscribe(client, null, (received) => {
          handle.unsubscribe();
          resolve(received);
        });
    });
    expect(new TextDecoder().decode(message.contents)).toBe("message 1");
    expect(message.runningHash).toEqual(new Uint8Array(48).fill(1));
    expect(message.consensusTimestamp.toString()).toBe(formatTimestamp(sampleTime(1)));
    expect(message.initialTransactionId?.accountId?.toString()).toBe(SAMPLE.alice);
  });

  test.each([
    [
      "a topic that nobody knows",
      () => query().setTopicId("0.0.9999"),
      "5 NOT_FOUND: 0.0.9999 does not exist",
    ],
    [
      "an account",
      () => query().setTopicId(SAMPLE.alice),
      "3 INVALID_ARGUMENT: 0.0.1001 is not a valid topic",
    ],
    [
      "a start in the future",
      () => query().setStartTime(2_000_000_000),
      "3 INVALID_ARGUMENT: Start time must be before the current time",
    ],
    [
      "an end before the start",
      () => query().setStartTime(9).setEndTime(9),
      "3 INVALID_ARGUMENT: End time must be after start time",
    ],
  ])("refuses %s", async (_, ask, message) => {
    await expect(subscribe(ask(), 1)).rejects.toThrow(message);
  });

  test("wakes no sooner than the mirror's lag", async () => {
    const lagging = new Importer({ store, lagMs: 40 });
    const server = await startMirrorGrpc({
      store,
      importer: lagging,
      now: () => clock,
      nodes: () => nodes,
      port: 0,
    });
    client.setMirrorNetwork(`127.0.0.1:${server.port}`);
    const received = subscribe(query().setStartTime(0), 1);
    lagging.append(sampleMessage(1, 1));
    lagging.persist();
    expect(store.lastBlock).toBeNull();
    expect(await received).toEqual([1]);
    await server.close();
    lagging.stop();
  });
});

test("getNodes gives the address book", async () => {
  const book = await new AddressBookQuery().setFileId(FileId.ADDRESS_BOOK).execute(client);
  expect(
    book.nodeAddresses.map(({ nodeId, accountId, addresses }) => [
      nodeId?.toNumber(),
      accountId?.toString(),
      addresses.map(String),
    ]),
  ).toEqual([[0, "0.0.3", ["127.0.0.1:50211"]]]);
});

test("a port in use is refused in so many words", async () => {
  const again = startMirrorGrpc({ store, importer, now: () => clock, nodes: () => nodes, port: grpc.port });
  await expect(again).rejects.toMatchObject({ code: "PORT_IN_USE" });
});

test("closing ends the streams and frees the port", async () => {
  await grpc.close();
  const refused = new Promise((resolve) => connect(grpc.port, "127.0.0.1").on("error", resolve));
  expect(await refused).toMatchObject({ code: "ECONNREFUSED" });
});

describe("subscribeTopic over gRPC-Web", () => {
  const PATH = "/com.hedera.mirror.api.proto.ConsensusService/subscribeTopic";
  // ConsensusTopicQuery of topic 0.0.1004 from time 0 on: field 1 {3: 1004}, field 2 {}, field 4 (limit) 2.
  const QUERY = new Uint8Array([0x0a, 0x03, 0x18, 0xec, 0x07, 0x12, 0x00, 0x20, 0x02]);
  const framed = (payload: Uint8Array<ArrayBuffer>) =>
    new Uint8Array([0, 0, 0, 0, payload.length, ...payload]);

  async function post(body: Uint8Array<ArrayBuffer>): Promise<{ flags: number[]; last: string }> {
    const http = startMirrorHttp({ store, importer, now: () => clock, rate: fixedRate(1, 1), nodes }, 0);
    const response = await fetch(`http://127.0.0.1:${http.port}${PATH}`, { method: "POST", body });
    expect(response.headers.get("Content-Type")).toBe("application/grpc-web+proto");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    const bytes = new Uint8Array(await response.arrayBuffer());
    await http.close();
    const flags: number[] = [];
    let last = "";
    for (let at = 0; at < bytes.length; ) {
      const length = new DataView(bytes.buffer, at).getUint32(1);
      flags.push(bytes[at] ?? -1);
      last = new TextDecoder().decode(bytes.subarray(at + 5, at + 5 + length));
      at += 5 + length;
    }
    return { flags, last };
  }

  test("streams messages, then trailers", async () => {
    store.ingest([1, 2, 3].map((n) => sampleMessage(n, n)));
    expect(await post(framed(QUERY))).toEqual({
      flags: [0, 0, 0x80],
      last: "grpc-status:0\r\ngrpc-message:\r\n",
    });
  });

  test("says in its trailers why it refuses", async () => {
    const unknown = new Uint8Array([0x0a, 0x03, 0x18, 0x8f, 0x4e]);
    const { flags, last } = await post(framed(unknown));
    expect([flags, last]).toEqual([
      [0x80],
      "grpc-status:5\r\ngrpc-message:0.0.9999%20does%20not%20exist\r\n",
    ]);
    expect((await post(new Uint8Array([1, 2]))).last).toStartWith("grpc-status:3\r\n");
  });

  test("lets a page of any site ask", async () => {
    const http = startMirrorHttp({ store, importer, now: () => clock, rate: fixedRate(1, 1), nodes }, 0);
    const response = await fetch(`http://127.0.0.1:${http.port}${PATH}`, {
      method: "OPTIONS",
      headers: { "Access-Control-Request-Headers": "x-grpc-web" },
    });
    await http.close();
    expect([response.status, response.headers.get("Access-Control-Allow-Headers")]).toEqual([
      204,
      "x-grpc-web",
    ]);
  });
});

function sdkTime(n: number): Date {
  return new Date(Number(sampleTime(n) / 1_000_000n));
}
