import { join } from "node:path";
import { type ConsensusNode, type DevnetPorts, devnetNetwork, type Network } from "../hedera/network.ts";
import { fromMillis, type Timestamp } from "../hedera/timestamp.ts";
import { startConsensusServer } from "./consensus/server.ts";
import { GENESIS_OPERATOR, genesis } from "./ledger/genesis.ts";
import { Ledger } from "./ledger/ledger.ts";
import { startMirrorGrpc } from "./mirror/grpc.ts";
import { startMirrorHttp } from "./mirror/http.ts";
import { devnetPorts } from "./ports.ts";
import type { RateSource } from "./rate/fixed.ts";
import { generatedRate } from "./rate/generated.ts";
import { startRelay } from "./relay/relay.ts";
import { Importer } from "./store/importer.ts";
import { Store } from "./store/store.ts";

/** What a devnet is started with; everything has a default. */
export interface DevnetOptions {
  /** Five ports in a row from here on; 0 takes free ones; absent, the ports that every Hedera SDK expects. */
  readonly portBase?: number;
  /** Directory that the ledger lives in across restarts; absent, it ends with the process. */
  readonly dataDir?: string;
  /** Finality: milliseconds between a transaction's `OK` and its consensus; default 0. */
  readonly latencyMs?: number;
  /** Milliseconds between consensus and what the mirror shows; default the same as `latencyMs`, as on testnet. */
  readonly lagMs?: number;
  /** The network's exchange rate; default {@link generatedRate}. */
  readonly rate?: RateSource;
  /** The clock; default the system's. */
  readonly now?: () => Timestamp;
}

/** A running devnet. */
export interface Devnet {
  /** Where it is, as agents and scripts want to know it. */
  readonly network: Network;
  readonly ports: DevnetPorts;
  /** The account that owns all HBAR at genesis, and its well-known key (DER in hex, ED25519). */
  readonly operator: typeof GENESIS_OPERATOR;
  /** The ledger itself, to look into. */
  readonly ledger: Ledger;
  /** Stops everything and closes the data directory. */
  stop(): Promise<void>;
}

/** Seconds of records that a restarted ledger needs, to know duplicates and receipts. */
const RECENT_SECONDS = 600;

/**
 * Starts an embedded Hedera network in this process, on 127.0.0.1 only: a
 * consensus node (gRPC), a mirror node (REST, gRPC, gRPC-Web) and a JSON-RPC
 * relay (HTTP, WebSocket).
 *
 * @throws FestError `PORT_IN_USE`, `PORT_BASE_INVALID`, `STORE_IN_USE`, `STORE_VERSION`; nothing is left running then
 *
 * @example
 * const devnet = await startDevnet({ portBase: 0 });
 * const [node] = devnet.network.nodes;
 * const client = Client.forNetwork({ [node.address]: node.account });
 * client.setMirrorNetwork(devnet.network.mirrorGrpc);
 * client.setOperator(devnet.operator.accountId, PrivateKey.fromStringDer(devnet.operator.privateKey));
 * const created = await new TopicCreateTransaction().execute(client);
 * const { topicId } = await created.getReceipt(client);
 * const topic = await fetch(`${devnet.network.mirror}/api/v1/topics/${topicId}`);
 * client.close();
 * await devnet.stop();
 */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const wanted = devnetPorts(options.portBase);
  const closers: (() => unknown)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const { ledger, source, nodes, importer } = openLedger(options, closers);
    const latencyMs = options.latencyMs ?? 0;
    const consensus = await startConsensusServer({ ledger, port: wanted.node, latencyMs });
    closers.push(() => consensus.close());
    nodes.push({ account: "0.0.3", address: `127.0.0.1:${consensus.port}` });
    const grpc = await startMirrorGrpc({ ...source, nodes: () => nodes, port: wanted.mirrorGrpc });
    closers.push(() => grpc.close());
    const http = startMirrorHttp(source, wanted.mirror);
    closers.push(() => http.close());
    const { store } = source;
    const relay = startRelay({ store, importer, port: wanted.relay, wsPort: wanted.relayWs });
    closers.push(() => relay.close());
    const ports: DevnetPorts = {
      node: consensus.port,
      mirrorGrpc: grpc.port,
      mirror: http.port,
      relay: relay.port,
      relayWs: relay.wsPort,
    };
    return { network: devnetNetwork(ports), ports, operator: GENESIS_OPERATOR, ledger, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openLedger(options: DevnetOptions, closers: (() => unknown)[]) {
  const now = options.now ?? (() => fromMillis(Date.now()));
  const rate = options.rate ?? generatedRate();
  const store = new Store(options.dataDir === undefined ? null : join(options.dataDir, "ledger.db"));
  closers.push(() => store.close());
  const importer = new Importer({ store, lagMs: options.lagMs ?? options.latencyMs ?? 0 });
  closers.push(() => importer.stop());
  if (store.isEmpty) store.ingestGenesis(genesis(now()));
  const ledger = new StoredLedger(importer, {
    now,
    rate,
    state: store.state(),
    records: store.recentRecords(RECENT_SECONDS),
    onRecord: (item) => importer.append(item),
  });
  const nodes: ConsensusNode[] = [];
  return { ledger, importer, nodes, source: { store, importer, now, rate, nodes } };
}

/** A ledger that stores what happened before it tells anyone, so that a receipt is never of something lost. */
class StoredLedger extends Ledger {
  readonly #importer: Importer;

  constructor(importer: Importer, options: ConstructorParameters<typeof Ledger>[0]) {
    super(options);
    this.#importer = importer;
  }

  override query(query: Uint8Array): Uint8Array {
    this.#importer.persist();
    return super.query(query);
  }
}
