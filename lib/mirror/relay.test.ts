import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { ServerWebSocket } from "bun";
import { FestError } from "../hedera/error.ts";
import type { PushSource, PushState } from "./push.ts";
import { connectRelay, type RelayOptions } from "./relay.ts";
import { type QuickClock, quickClock } from "./testing/clock.ts";

const CHAIN_ID = "0x12a";
const HEAD = {
  jsonrpc: "2.0",
  method: "eth_subscription",
  params: { result: { number: "0x29e87" }, subscription: "0x1" },
};

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A relay on the loopback interface; `answer` says what it answers, undefined for nothing. */
function startRelay() {
  const sockets = new Set<ServerWebSocket<undefined>>();
  const requests: Request[] = [];
  const regular = ({ id, method }: Request): unknown => ({
    jsonrpc: "2.0",
    id,
    result: method === "eth_chainId" ? CHAIN_ID : `0x${id}`,
  });
  const relay = {
    sockets,
    requests,
    connections: 0,
    answer: regular,
    regular,
    push: (frame: unknown) => {
      for (const socket of sockets) socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
    },
    drop: (code = 1001) => {
      for (const socket of sockets) socket.close(code, "bye");
    },
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, serving) =>
      serving.upgrade(request) ? undefined : new Response("not a WebSocket", { status: 400 }),
    websocket: {
      open(socket) {
        relay.connections += 1;
        sockets.add(socket);
      },
      close: (socket) => void sockets.delete(socket),
      message(socket, text) {
        const request: Request = JSON.parse(String(text));
        requests.push(request);
        const answer = relay.answer(request);
        if (answer !== undefined) socket.send(JSON.stringify(answer));
      },
    },
  });
  return Object.assign(relay, { url: `ws://127.0.0.1:${server.port}/ws`, stop: () => server.stop(true) });
}

let server: ReturnType<typeof startRelay>;
let clock: QuickClock;
let relay: PushSource | null;
let wakes: number;
let changed: () => void;

beforeEach(() => {
  server = startRelay();
  clock = quickClock();
  wakes = 0;
  changed = () => {};
});
afterEach(async () => {
  relay?.close();
  await server.stop();
});

function connect(change: Partial<RelayOptions> = {}): PushSource {
  const connected = connectRelay({ url: server.url, clock, ...change });
  connected.subscribe(() => {
    wakes += 1;
    changed();
  });
  connected.onHealth(() => changed());
  relay = connected;
  return connected;
}

/** Resolves as soon as a wake-up or a change of state made `condition` true. */
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    changed = () => condition() && resolve();
    changed();
  });
}
const inState = (state: PushState) => until(() => relay?.health.state === state);
const lastRequest = () => server.requests.at(-1);

describe("a relay connection", () => {
  test("subscribes to new blocks and is open once that is confirmed", async () => {
    expect(connect().health.state).toBe("connecting");
    await inState("open");
    expect(server.requests).toMatchObject([{ method: "eth_subscribe", params: ["newHeads"] }]);
  });

  test("wakes at every block", async () => {
    connect();
    await inState("open");
    const before = wakes;
    server.push(HEAD);
    server.push(HEAD);
    await until(() => wakes === before + 2);
  });

  test("can subscribe to a token's transfers too, and is open once both are confirmed", async () => {
    const address = "0x0000000000000000000000000000000000015f90";
    const held = Promise.withResolvers<Request>();
    server.answer = (request) => {
      if (request.id === 1) return server.regular(request);
      held.resolve(request);
      return undefined;
    };
    connect({ subscriptions: ["newHeads", { address }] });
    const second = await held.promise;
    expect(second).toMatchObject({ method: "eth_subscribe", params: ["logs", { address }] });
    server.push(HEAD);
    await until(() => wakes === 1);
    expect(relay?.health.state).toBe("connecting");
    server.push(server.regular(second));
    await inState("open");
  });

  test("is not disturbed by frames that it does not know", async () => {
    connect();
    await inState("open");
    const before = wakes;
    for (const frame of ["", "not json", '{"result":null,"jsonrpc":"2.0","id":null}', "[]", "null"]) {
      server.push(frame);
    }
    server.push(HEAD);
    await until(() => wakes === before + 1);
    expect(relay?.health.state).toBe("open");
  });

  test("comes back when it is cut, for ever, and then wakes", async () => {
    connect();
    for (const round of [1, 2, 3]) {
      await inState("open");
      expect(wakes).toBe(round);
      expect(server.connections).toBe(round);
      server.drop();
      await inState("closed");
      expect(relay?.health.reason).toContain("1001");
    }
    await until(() => wakes === 4);
  });

  test("waits longer the more often it fails in a row", async () => {
    connect({ url: "ws://127.0.0.1:1", backoff: { firstMs: 100, maxMs: 400 }, answerMs: 9_000 });
    await until(() => (relay?.health.failures ?? 0) >= 5);
    expect(clock.waits.filter((wait) => wait < 9_000).slice(0, 4)).toEqual([75, 150, 300, 300]);
  });

  test("is given up when nothing is said after a keep-alive", async () => {
    connect({ keepAliveMs: 2_000, answerMs: 3_000 });
    await inState("open");
    server.answer = () => undefined;
    await inState("closed");
    expect(relay?.health.reason).toContain("silent");
    expect(lastRequest()).toMatchObject({ method: "eth_chainId", params: [] });
  });

  test("stays as long as its keep-alives are answered", async () => {
    connect({ keepAliveMs: 200, answerMs: 2_000 });
    await inState("open");
    while (server.requests.filter(({ method }) => method === "eth_chainId").length < 4) await Bun.sleep(1);
    expect(server.connections).toBe(1);
    expect(relay?.health).toMatchObject({ state: "open", failures: 0, heardAt: expect.any(BigInt) });
  });

  test("is given up when a subscription is not confirmed", async () => {
    server.answer = () => undefined;
    connect({ answerMs: 2_000 });
    await inState("closed");
    expect(relay?.health.reason).toContain("no answer");
  });

  test("is given up when a subscription is refused", async () => {
    server.answer = ({ id }) => ({
      jsonrpc: "2.0",
      id,
      error: { code: -32608, message: "Exceeded maximum" },
    });
    connect();
    await inState("closed");
    expect(relay?.health.reason).toContain("Exceeded maximum");
  });

  test("ends for good when it is closed", async () => {
    const connection = connect();
    await inState("open");
    connection.close();
    await inState("closed");
    while (server.sockets.size > 0) await Bun.sleep(1);
    await Bun.sleep(20);
    expect(server.connections).toBe(1);
  });

  test.each(["", "https://relay.example/ws", "relay.example"])("does not go to %p", (url) => {
    expect(() => connectRelay({ url })).toThrow(FestError);
  });
});
