import * as grpc from "@grpc/grpc-js";
import { proto } from "@hiero-ledger/proto";
import { describeError, FestError } from "../../hedera/error.ts";
import { type Clock, systemClock } from "../clock/clock.ts";
import { DelayQueue } from "../clock/delay-queue.ts";
import type { Faults } from "../fault/faults.ts";
import { type NodeMethod, type NodeRequest, withNodeFaults } from "../fault/node.ts";
import type { CheckedTransaction, Ledger } from "../ledger/ledger.ts";
import { statusCode } from "../ledger/status.ts";
import { toLong } from "../ledger/wire/int64.ts";
import { Arrivals } from "./arrivals.ts";
import { SERVER_OPTIONS, SERVICES } from "./services.ts";

/** What a {@link ConsensusServer} listens on and how fast it reaches consensus. */
export interface ConsensusServerOptions {
  readonly ledger: Ledger;
  /** On 127.0.0.1; 0 takes a free port. */
  readonly port: number;
  /** Milliseconds between a transaction's `OK` and its consensus, asked anew for each; 0 (default) handles it at once. */
  readonly latencyMs?: number | (() => number);
  /** What the latency is measured by; default the machine's clock. */
  readonly clock?: Clock;
  /** What goes wrong on purpose; default nothing. */
  readonly faults?: Faults;
}

/** A running consensus node. */
export interface ConsensusServer {
  readonly port: number;
  /** Loses the transactions in flight, as a revert does. */
  clear(): void;
  /** Stops listening and drops connections; transactions in flight are lost as on a real node. */
  close(): Promise<void>;
}

/** How often the ledger is told that time has passed, in milliseconds. */
const TICK_MS = 500;

/** Starts a consensus node's gRPC service. @throws FestError `PORT_IN_USE` */
export async function startConsensusServer(options: ConsensusServerOptions): Promise<ConsensusServer> {
  const server = new grpc.Server(SERVER_OPTIONS);
  const flight = new Flight(options);
  const arrivals = new Arrivals();
  addServices(server, options, arrivals, flight);
  const port = await bind(server, options.port);
  const ticking = setInterval(() => options.ledger.tick(), TICK_MS);
  return {
    port,
    clear: () => flight.clear(),
    close: async () => {
      clearInterval(ticking);
      arrivals.close();
      flight.clear();
      server.forceShutdown();
    },
  };
}

/** Transactions on their way from pre-check to consensus, which they reach in the order in which they came. */
class Flight {
  readonly #latencyMs: () => number;
  readonly #queue: DelayQueue<CheckedTransaction>;

  constructor({ ledger, latencyMs = 0, clock = systemClock }: ConsensusServerOptions) {
    this.#latencyMs = typeof latencyMs === "number" ? () => latencyMs : latencyMs;
    const deliver = (transactions: readonly CheckedTransaction[]) => {
      for (const transaction of transactions) ledger.handle(transaction);
    };
    this.#queue = new DelayQueue({ clock, deliver });
  }

  /** Brings a transaction to consensus, at once where there is no latency. */
  send(transaction: CheckedTransaction): void {
    const latencyMs = this.#latencyMs();
    this.#queue.push(transaction, latencyMs);
    if (latencyMs === 0) this.#queue.deliverDue();
  }

  /** Loses everything that is on its way. */
  clear(): void {
    this.#queue.replace([]);
  }
}

function addServices(
  server: grpc.Server,
  { ledger, faults }: ConsensusServerOptions,
  arrivals: Arrivals,
  flight: Flight,
): void {
  const transaction: NodeMethod = (call, callback) => {
    arrivals.add(call.request, (received) => {
      answer(callback, () => {
        const { status, cost, transaction } = ledger.precheck(received);
        if (transaction) flight.send(transaction);
        const response = { nodeTransactionPrecheckCode: statusCode(status), cost: toLong(cost) };
        return proto.TransactionResponse.encode(response).finish();
      });
    });
  };
  const query: NodeMethod = (call, callback) => {
    answer(callback, () => ledger.query(call.request));
  };
  const faulty = (request: NodeRequest, method: NodeMethod): NodeMethod =>
    faults === undefined ? method : withNodeFaults(faults, request, method);
  const handlers = { transaction: faulty("transaction", transaction), query: faulty("query", query) };
  for (const [service, { transactions, queries }] of Object.entries(SERVICES)) {
    const methods = [
      ...transactions.map((name) => ({ name, handler: handlers.transaction })),
      ...queries.map((name) => ({ name, handler: handlers.query })),
    ];
    server.addService(
      Object.fromEntries(methods.map(({ name }) => [name, unaryMethod(`/proto.${service}/${name}`)])),
      Object.fromEntries(methods.map(({ name, handler }) => [name, handler])),
    );
  }
}

/** Sends what `respond` returns; a request that is no protobuf at all is the client's fault, anything else ours. */
function answer(callback: grpc.sendUnaryData<Uint8Array>, respond: () => Uint8Array): void {
  let response: Uint8Array;
  try {
    response = respond();
  } catch (error) {
    const code = error instanceof FestError ? grpc.status.INVALID_ARGUMENT : grpc.status.INTERNAL;
    callback({ code, details: describeError(error) });
    return;
  }
  callback(null, response);
}

/** A unary method that leaves its messages as bytes: the ledger decodes them. */
function unaryMethod(path: string): grpc.MethodDefinition<Uint8Array, Uint8Array> {
  const asBuffer = (bytes: Uint8Array): Buffer =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const asBytes = (buffer: Buffer): Uint8Array => buffer;
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: asBuffer,
    requestDeserialize: asBytes,
    responseSerialize: asBuffer,
    responseDeserialize: asBytes,
  };
}

function bind(server: grpc.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (!error) return resolve(bound);
      const fix = "Stop what listens there, or choose other ports.";
      reject(new FestError("PORT_IN_USE", `port ${port} on 127.0.0.1 cannot be used`, { cause: error, fix }));
    });
  });
}
