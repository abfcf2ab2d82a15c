import { once } from "node:events";
import {
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { describeError } from "../../hedera/error.ts";
import type { ConsensusNode } from "../../hedera/network.ts";
import { portInUse } from "../serve.ts";
import { GET_NODES, nodeAddresses } from "./node-wire.ts";
import { StreamRefused, type StreamSource, streamedMessages } from "./topic-stream.ts";
import { MAX_QUERY_BYTES, readTopicQuery, SUBSCRIBE_TOPIC, writeTopicResponse } from "./topic-wire.ts";

/** What a mirror's gRPC service answers from, and where it listens. */
export interface MirrorGrpcOptions extends StreamSource {
  readonly nodes: () => readonly ConsensusNode[];
  /** On 127.0.0.1; 0 takes a free port. */
  readonly port: number;
}

/** A running mirror gRPC service. */
export interface MirrorGrpc {
  readonly port: number;
  /** Ends every stream and stops listening. */
  close(): Promise<void>;
}

/** The mirror node allows so many streams on one connection; a sixth waits for ever, as on testnet. */
const MAX_STREAMS_PER_CONNECTION = 5;

type Stream = ServerWritableStream<Uint8Array, Uint8Array>;

/**
 * Starts a mirror node's gRPC: `ConsensusService/subscribeTopic` and
 * `NetworkService/getNodes`.
 *
 * @throws FestError `PORT_IN_USE`
 */
export async function startMirrorGrpc(options: MirrorGrpcOptions): Promise<MirrorGrpc> {
  const server = new Server({
    // Otherwise two devnets would share a port without either knowing it.
    "grpc.so_reuseport": 0,
    "grpc.max_concurrent_streams": MAX_STREAMS_PER_CONNECTION,
    "grpc.max_receive_message_length": MAX_QUERY_BYTES,
  });
  const closing = new AbortController();
  const implementation: UntypedServiceImplementation = {
    subscribeTopic: (call: Stream) => void subscribe(options, call, closing.signal),
    getNodes: (call: Stream) => sendNodes(options.nodes(), call),
  };
  server.addService(SERVICE, implementation);
  const port = await bind(server, options.port);
  return {
    port,
    async close() {
      closing.abort();
      server.forceShutdown();
    },
  };
}

function method(path: string): ServiceDefinition[string] {
  const raw = (bytes: Buffer) => bytes;
  return {
    path,
    requestStream: false,
    responseStream: true,
    requestSerialize: raw,
    requestDeserialize: raw,
    responseSerialize: raw,
    responseDeserialize: raw,
  };
}

const SERVICE: ServiceDefinition = {
  subscribeTopic: method(SUBSCRIBE_TOPIC),
  getNodes: method(GET_NODES),
};

async function subscribe(source: StreamSource, call: Stream, closing: AbortSignal): Promise<void> {
  const cancelled = new AbortController();
  call.on("cancelled", () => cancelled.abort());
  call.on("error", () => cancelled.abort());
  const signal = AbortSignal.any([cancelled.signal, closing]);
  try {
    for await (const message of streamedMessages("grpc", source, readTopicQuery(call.request), signal)) {
      const isRoom = call.write(Buffer.from(writeTopicResponse(message)));
      if (!isRoom) await once(call, "drain", { signal });
    }
    call.end();
  } catch (error) {
    if (signal.aborted) return;
    const code = error instanceof StreamRefused ? error.status : status.UNKNOWN;
    call.emit("error", { code, details: describeError(error) });
  }
}

function sendNodes(nodes: readonly ConsensusNode[], call: Stream): void {
  try {
    for (const address of nodeAddresses(nodes, call.request)) call.write(Buffer.from(address));
    call.end();
  } catch (error) {
    const code = error instanceof StreamRefused ? error.status : status.UNKNOWN;
    call.emit("error", { code, details: describeError(error) });
  }
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) return resolve(bound);
      reject(portInUse(port, error));
    });
  });
}
