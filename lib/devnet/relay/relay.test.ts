import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { longZeroAddress } from "../../hedera/id.ts";
import { Importer } from "../store/importer.ts";
import {
  SAMPLE,
  SAMPLE_START,
  sampleItem,
  sampleMessage,
  sampleState,
  sampleTokenTransfer,
} from "../store/sample.ts";
import { Store } from "../store/store.ts";
import { type Relay, startRelay } from "./relay.ts";

let store: Store;
let importer: Importer;
let relay: Relay;
let sockets: Socket[];

beforeEach(() => {
  store = new Store(null);
  store.ingestGenesis(sampleState());
  importer = new Importer({ store, lagMs: 0 });
  relay = startRelay({ store, importer, port: 0, wsPort: 0 });
  sockets = [];
});

afterEach(async () => {
  for (const socket of sockets) socket.ws.close();
  await relay.close();
  importer.stop();
  store.close();
});

/** A WebSocket client whose messages are read one by one. */
class Socket {
  readonly ws: WebSocket;
  readonly #received: unknown[] = [];
  #wake: (() => void) | null = null;

  constructor(path: string) {
    this.ws = new WebSocket(`ws://127.0.0.1:${relay.wsPort}${path}`);
    this.ws.onmessage = ({ data }) => {
      this.#received.push(JSON.parse(data));
      this.#wake?.();
    };
  }

  async next(): Promise<unknown> {
    while (this.#received.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received.shift();
  }

  async ask(method: string, ...params: unknown[]): Promise<unknown> {
    this.ws.send(JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }));
    return this.next();
  }
}

async function open(path = "/ws"): Promise<Socket> {
  const socket = new Socket(path);
  sockets.push(socket);
  await new Promise((resolve) => socket.ws.addEventListener("open", resolve));
  return socket;
}

const subscribed = { jsonrpc: "2.0", id: 7, result: expect.stringMatching(/^0x[0-9a-f]{32}$/) };

async function post(body: unknown): Promise<unknown> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (await fetch(`http://127.0.0.1:${relay.port}`, { method: "POST", body: text })).json();
}

describe("over HTTP", () => {
  test.each([
    ["eth_chainId", "0x12a"],
    ["net_version", "298"],
    ["eth_blockNumber", "0x1"],
  ])("%s is answered", async (method, result) => {
    store.ingest([sampleItem(1)]);
    store.ingest([sampleItem(2)]);
    expect(await post({ jsonrpc: "2.0", id: 1, method, params: [] })).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result,
    });
  });

  test("a batch is answered in its order", async () => {
    const batch = [
      { jsonrpc: "2.0", id: "a", method: "eth_chainId" },
      { jsonrpc: "2.0", id: "b", method: "eth_mine" },
    ];
    expect(await post(batch)).toEqual([
      { jsonrpc: "2.0", id: "a", result: "0x12a" },
      { jsonrpc: "2.0", id: "b", error: { code: -32601, message: "Unsupported JSON-RPC method" } },
    ]);
  });

  test.each([
    ["{", -32700],
    [{ id: 1 }, -32600],
    [{ id: 1, method: "toString" }, -32601],
    [{ id: 1, method: "eth_subscribe", params: ["newHeads"] }, -32601],
  ])("%p is refused with %p", async (body, code) => {
    expect(await post(body)).toMatchObject({ error: { code } });
  });
});

describe("over WebSocket", () => {
  test.each(["/", "/ws"])("at %s requests are answered", async (path) => {
    expect(await (await open(path)).ask("eth_chainId")).toEqual({ jsonrpc: "2.0", id: 7, result: "0x12a" });
  });

  test("newHeads tells of every block as soon as the mirror has it", async () => {
    const socket = await open();
    expect(await socket.ask("eth_subscribe", "newHeads")).toEqual(subscribed);
    importer.append(sampleMessage(1, 1));
    const first = await socket.next();
    importer.append(sampleMessage(2, 2));
    importer.append(sampleMessage(3, 3));
    const second = await socket.next();
    expect(first).toMatchObject({
      jsonrpc: "2.0",
      method: "eth_subscription",
      params: {
        subscription: subscribed.result,
        result: {
          number: "0x0",
          timestamp: `0x${(SAMPLE_START / 1_000_000_000n).toString(16)}`,
          transactions: [`0x${sampleItem(1).record.transactionHash.toHex().slice(0, 64)}`],
        },
      },
    });
    expect(second).toMatchObject({ params: { result: { number: "0x1", parentHash: hashOf(first) } } });
  });

  test("logs tells of the token transfers that its filter selects", async () => {
    const socket = await open();
    const address = longZeroAddress(SAMPLE.token);
    const bob = `0x${"ab".repeat(20).padStart(64, "0")}`;
    expect(await socket.ask("eth_subscribe", "logs", { address, topics: [null, null, bob] })).toEqual(
      subscribed,
    );
    importer.append(sampleTokenTransfer(1, -5n, 0n, 0n));
    importer.append(sampleTokenTransfer(2, 9n, 0n, 0n));
    expect(await socket.next()).toMatchObject({
      params: {
        result: {
          address,
          data: `0x${"9".padStart(64, "0")}`,
          topics: [expect.any(String), `0x${"3e9".padStart(64, "0")}`, bob],
          removed: false,
          logIndex: "0x0",
          transactionIndex: "0x1",
        },
      },
    });
  });

  test("nothing more is told after eth_unsubscribe", async () => {
    const socket = await open();
    const heads = await socket.ask("eth_subscribe", "newHeads");
    const id = typeof heads === "object" && heads !== null && "result" in heads ? heads.result : null;
    expect(await socket.ask("eth_unsubscribe", id)).toMatchObject({ result: true });
    expect(await socket.ask("eth_unsubscribe", id)).toMatchObject({ result: false });
    importer.append(sampleMessage(1, 1));
    importer.persist();
    expect(await socket.ask("eth_blockNumber")).toMatchObject({ result: "0x0" });
  });

  test("the same event has one subscription, whose events come once", async () => {
    const socket = await open();
    const first = await socket.ask("eth_subscribe", "newHeads");
    expect(await socket.ask("eth_subscribe", "newHeads")).toEqual(first);
    importer.append(sampleMessage(1, 1));
    expect(await socket.next()).toMatchObject({ method: "eth_subscription" });
    expect(await socket.ask("eth_chainId")).toMatchObject({ result: "0x12a" });
  });

  test.each([
    [["logs", { address: longZeroAddress("0.0.9999") }], -32602],
    [["logs", { address: [longZeroAddress("0.0.1003"), longZeroAddress("0.0.1003")] }], -32602],
    [["logs", { topics: ["0x1"] }], -32602],
    [["newPendingTransactions"], -32601],
  ])("%p is refused with %p", async (params, code) => {
    expect(await (await open()).ask("eth_subscribe", ...params)).toMatchObject({ error: { code } });
  });

  test("a hundred subscriptions are enough for one connection", async () => {
    const socket = await open();
    for (let n = 0; n < 100; n++) {
      const topic = `0x${n.toString(16).padStart(64, "0")}`;
      expect(await socket.ask("eth_subscribe", "logs", { topics: [topic] })).toEqual(subscribed);
    }
    expect(await socket.ask("eth_subscribe", "newHeads")).toMatchObject({ error: { code: -32608 } });
  });
});

test("a port in use is refused, and the other port let go", () => {
  const start = () => startRelay({ store, importer, port: 0, wsPort: relay.wsPort });
  expect(start).toThrow(expect.objectContaining({ code: "PORT_IN_USE" }));
});

function hashOf(head: unknown): string {
  return JSON.stringify(head).match(/"hash":"(0x[0-9a-f]{64})"/)?.[1] ?? "none";
}
