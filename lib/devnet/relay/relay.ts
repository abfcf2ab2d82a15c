import type { Server, ServerWebSocket } from "bun";
import type { Faults } from "../fault/faults.ts";
import { serve } from "../serve.ts";
import type { Importer } from "../store/importer.ts";
import type { Store } from "../store/store.ts";
import { RelayConnection } from "./connection.ts";
import { logEvents } from "./events.ts";
import { answer } from "./json-rpc.ts";
import { chainMethods, dispatch } from "./methods.ts";

/** What a relay answers from, and where it listens on 127.0.0.1; port 0 takes a free one. */
export interface RelayOptions {
  readonly store: Store;
  readonly importer: Importer;
  readonly port: number;
  readonly wsPort: number;
  /** What goes wrong on purpose; default nothing. */
  readonly faults?: Faults;
}

/** A running JSON-RPC relay. */
export interface Relay {
  readonly port: number;
  readonly wsPort: number;
  close(): Promise<void>;
}

/** Connections at a time; all of a devnet's come from one address, so that the relay's limit per address is this one too. */
const MAX_CONNECTIONS = 100;
/** A connection that says and hears nothing for so long is closed (`WS_MAX_INACTIVITY_TTL`). */
const INACTIVITY_MS = 300_000;
/** How often the relay says something of its own accord (`WS_PING_INTERVAL`). */
const PING_MS = 100_000;
const PING = JSON.stringify({ result: null, jsonrpc: "2.0", id: null });
const CLOSE_INACTIVE = 4002;
const CLOSE_FULL = 4003;

interface Session {
  connection: RelayConnection | null;
  lastActive: number;
  /** What a stalled stream has not delivered yet. */
  held: string[];
}

/**
 * Starts a JSON-RPC relay: requests over HTTP on one port; requests and
 * `eth_subscribe` (`newHeads`, `logs`) over WebSocket on the other, at `/` and
 * `/ws`. A subscriber hears of a block the moment that the mirror has it.
 *
 * @throws FestError `PORT_IN_USE`
 */
export function startRelay({ store, importer, port, wsPort, faults }: RelayOptions): Relay {
  const sessions = new Set<ServerWebSocket<Session>>();
  const methods = chainMethods(store);
  const http = serve({
    port,
    fetch: (request) => overHttp(request, (text) => answer(text, (rpc) => dispatch(methods, rpc))),
  });
  let ws: Server<Session>;
  try {
    ws = serve<Session>({
      port: wsPort,
      fetch(request, server) {
        const data: Session = { connection: null, lastActive: performance.now(), held: [] };
        if (server.upgrade(request, { data })) return undefined;
        return new Response("This is a WebSocket", { status: 426 });
      },
      websocket: {
        idleTimeout: 0,
        open(socket) {
          if (sessions.size >= MAX_CONNECTIONS) return socket.close(CLOSE_FULL, "Connection limit exceeded");
          sessions.add(socket);
          socket.data.connection = new RelayConnection(store, (text) => {
            socket.data.lastActive = performance.now();
            if (faults === undefined) socket.send(text);
            else sendFaulty(socket, text, faults);
          });
          faults?.cutSignal.addEventListener("abort", () => socket.terminate());
        },
        message(socket, message) {
          socket.data.lastActive = performance.now();
          socket.data.connection?.receive(message.toString());
        },
        close: (socket) => void sessions.delete(socket),
      },
    });
  } catch (error) {
    http.stop(true);
    throw error;
  }
  const stopDelivering = importer.onBlock((block, items) => {
    if (sessions.size === 0) return;
    const logs = items.some(({ record }) => record.tokenTransfers.length > 0) ? logEvents(store, block) : [];
    for (const socket of sessions) socket.data.connection?.deliver(block, items, logs);
  });
  const stopFlushing = faults?.onChange(() => {
    for (const socket of sessions) {
      for (const text of socket.data.held.splice(0)) sendFaulty(socket, text, faults);
    }
  });
  const pinging = setInterval(() => ping(sessions), PING_MS);
  return {
    port: http.port ?? port,
    wsPort: ws.port ?? wsPort,
    async close() {
      clearInterval(pinging);
      stopDelivering();
      stopFlushing?.();
      await Promise.all([http.stop(true), ws.stop(true)]);
    },
  };
}

function sendFaulty(socket: ServerWebSocket<Session>, text: string, faults: Faults): void {
  if (faults.isStalled("ws")) {
    socket.data.held.push(text);
    return;
  }
  const copies = faults.deliveries("ws");
  if (copies === 0) socket.terminate();
  for (let copy = 0; copy < copies; copy++) socket.send(text);
}

function ping(sessions: ReadonlySet<ServerWebSocket<Session>>): void {
  for (const socket of sessions) {
    if (performance.now() - socket.data.lastActive > INACTIVITY_MS) {
      socket.close(CLOSE_INACTIVE, "Connection timeout expired");
    } else socket.send(PING);
  }
}

const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "POST, OPTIONS",
  "Access-Control-Allow-Headers": "Content-Type",
};

async function overHttp(request: Request, respond: (text: string) => string): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: CORS });
  if (request.method !== "POST") return new Response("Use POST", { status: 405, headers: CORS });
  const headers = { ...CORS, "Content-Type": "application/json; charset=utf-8" };
  return new Response(respond(await request.text()), { headers });
}
