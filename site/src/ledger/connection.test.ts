import { describe, expect, test } from "bun:test";
import type { PushHealth } from "../../../lib/mirror/push.ts";
import { type Connections, sourcesOf } from "./connection.ts";
import { NO_PUSHES, wakerOf } from "./waker.ts";

const OPEN: PushHealth = { state: "open", heardAt: 5n, failures: 0, reason: null };
const LOST: PushHealth = { state: "closed", heardAt: 5n, failures: 3, reason: "closed with 1006" };

const CONNECTIONS: Connections = {
  endpoints: {
    name: "custom",
    mirror: "https://mirror.example",
    relayWs: "wss://relay.example/ws",
    grpcWeb: null,
    explorer: null,
  },
  logFollow: null,
  vitalsFollow: null,
  pushes: { relay: OPEN, stream: null },
};

const sourceOf = (id: string, connections: Connections) =>
  sourcesOf(connections, 0n).find((source) => source.id === id);

describe("what wakes the page", () => {
  test("is the best of what works", () => {
    expect(wakerOf({ relay: OPEN, stream: OPEN })).toBe("stream");
    expect(wakerOf({ relay: OPEN, stream: LOST })).toBe("relay");
    expect(wakerOf({ relay: LOST, stream: LOST })).toBe("polling");
    expect(wakerOf(NO_PUSHES)).toBe("polling");
  });
});

describe("the sources", () => {
  test("say how each does, with its address", () => {
    expect(sourceOf("relay", CONNECTIONS)).toMatchObject({
      url: "wss://relay.example/ws",
      said: "open",
      tone: "ok",
      heardAt: 5n,
    });
    expect(sourceOf("stream", CONNECTIONS)).toMatchObject({
      url: null,
      said: "not configured",
      tone: "idle",
    });
    expect(sourceOf("log", CONNECTIONS)).toMatchObject({ url: "https://mirror.example", said: "connecting" });
  });

  test("say why one was lost, and how often it failed", () => {
    const lost = sourceOf("relay", { ...CONNECTIONS, pushes: { relay: LOST, stream: null } });
    expect(lost).toMatchObject({ tone: "wait", failures: 3, trouble: "closed with 1006" });
  });

  test("tell what is read from what is not", () => {
    const follow = { phase: "live", position: null, provenAt: 0n, failures: 0, error: null } as const;
    const now = 60_000_000_000n;
    expect(sourceOf("log", { ...CONNECTIONS, logFollow: follow })?.said).toBe("live");
    const late = sourcesOf({ ...CONNECTIONS, logFollow: follow }, now);
    expect(late.map(({ id, said }) => `${id} ${said}`)).toContain("log delayed");
  });
});
