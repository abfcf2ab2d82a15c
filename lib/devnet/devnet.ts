import { join } from "node:path";
import { type ConsensusNode, type DevnetPorts, devnetNetwork, type Network } from "../hedera/network.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import { type ClockControl, type ClockOptions, DevnetClock } from "./clock/devnet-clock.ts";
import { startConsensusServer } from "./consensus/server.ts";
import { startControl } from "./control/control.ts";
import type { Fault } from "./fault/fault.ts";
import { Faults } from "./fault/faults.ts";
import { Replica } from "./fault/replica.ts";
import { type Respond, withRestFaults } from "./fault/rest.ts";
import { GENESIS_OPERATOR, genesis } from "./ledger/genesis.ts";
import { Ledger } from "./ledger/ledger.ts";
import { CheckedAnswers, OPENAPI_VARIABLE } from "./mirror/checked.ts";
import { startMirrorGrpc } from "./mirror/grpc.ts";
import { startMirrorHttp } from "./mirror/http.ts";
import { devnetPorts } from "./ports.ts";
import type { RateSource } from "./rate/fixed.ts";
import { generatedRate } from "./rate/generated.ts";
import { startRelay } from "./relay/relay.ts";
import { Snapshots } from "./snapshots.ts";
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
  /** Where the network's clock starts and how fast it runs; default the machine's time and speed. It never starts before the last consensus time in `dataDir`. */
  readonly clock?: ClockOptions;
  /** What the devnet takes for the machine's clock; default that. */
  readonly now?: () => Timestamp;
  /** What goes wrong on purpose from the start; default nothing. */
  readonly faults?: readonly Fault[];
  /** Port of the control endpoint, 0 for a free one; absent, there is none. */
  readonly controlPort?: number;
}

/** A running devnet. */
export interface Devnet {
  /** Where it is, as agents and scripts want to know it. */
  readonly network: Network;
  readonly ports: DevnetPorts;
  /** URL of the control endpoint; null where none was asked for. */
  readonly control: string | null;
  /** The account that owns all HBAR at genesis, and its well-known key (DER in hex, ED25519). */
  readonly operator: typeof GENESIS_OPERATOR;
  /** The ledger itself, to look into. */
  readonly ledger: Ledger;
  /** The network's clock: consensus times, rates, lag, and what expires all follow it. */
  readonly clock: ClockControl;
  /** What goes wrong on purpose. */
  readonly faults: Faults;
  /** Remembers ledger, mirror and the clock's setting; returns the snapshot's id. */
  snapshot(): string;
  /** Goes back to a snapshot; open streams break off. @throws FestError `SNAPSHOT_UNKNOWN` */
  revert(id: string): void;
  /** Stops everything and closes the data directory. @throws FestError `ANSWER_INVALID`, see {@link CheckedAnswers} */
  stop(): Promise<void>;
}

/** Seconds of records that a restarted ledger needs, to know duplicates and receipts. */
const RECENT_SECONDS = 600;

/**
 * Starts an embedded Hedera network in this process, on 127.0.0.1 only: a
 * consensus node (gRPC), a mirror node (REST, gRPC, gRPC-Web) and a JSON-RPC
 * relay (HTTP, WebSocket).
 *
 * @throws FestError `PORT_IN_USE`, `PORT_BASE_INVALID`, `STORE_IN_USE`, `STORE_VERSION`, `FAULT_INVALID`,
 *   `CLOCK_SPEED_INVALID`; nothing is left running then
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
    const core = openLedger(options, closers);
    const { ledger, clock, faults, source, importer, replica, latencyMs, nodes } = core;
    const consensus = await startConsensusServer({ ledger, port: wanted.node, latencyMs, clock, faults });
    closers.push(() => consensus.close());
    nodes.push({ account: "0.0.3", address: `127.0.0.1:${consensus.port}` });
    const grpc = await startMirrorGrpc({ ...source, nodes: () => nodes, port: wanted.mirrorGrpc });
    closers.push(() => grpc.close());
    const http = startMirrorHttp(source, wanted.mirror, restWrapper(faults, replica, closers));
    closers.push(() => http.close());
    const { store } = source;
    const relay = startRelay({ store, importer, port: wanted.relay, wsPort: wanted.relayWs, faults });
    closers.push(() => relay.close());
    const onRevert = () => {
      consensus.clear();
      replica.reset();
      faults.cutStreams();
    };
    const snapshots = new Snapshots({ ledger, importer, clock, onRevert });
    const ports: DevnetPorts = {
      node: consensus.port,
      mirrorGrpc: grpc.port,
      mirror: http.port,
      relay: relay.port,
      relayWs: relay.wsPort,
    };
    const controlled = {
      clock,
      faults,
      get snapshots() {
        return snapshots.list;
      },
      snapshot: () => snapshots.take(),
      revert: (id: string) => snapshots.revert(id),
    };
    const control = options.controlPort === undefined ? null : startControl(controlled, options.controlPort);
    if (control !== null) closers.push(() => control.close());
    return {
      ...{ network: devnetNetwork(ports), ports, operator: GENESIS_OPERATOR, ledger, clock, faults, stop },
      control: control === null ? null : `http://127.0.0.1:${control.port}`,
      snapshot: controlled.snapshot,
      revert: controlled.revert,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openLedger(options: DevnetOptions, closers: (() => unknown)[]) {
  const rate = options.rate ?? generatedRate();
  const store = new Store(options.dataDir === undefined ? null : join(options.dataDir, "ledger.db"));
  closers.push(() => store.close());
  const clock = startClock({ machine: options.now, ...options.clock }, store.lastBlock?.to ?? 0n);
  closers.push(() => clock.stop());
  const faults = new Faults(clock);
  for (const fault of options.faults ?? []) faults.inject(fault);
  const baseLatencyMs = options.latencyMs ?? 0;
  const baseLagMs = options.lagMs ?? baseLatencyMs;
  const lagMs = () => baseLagMs + faults.addedMs("mirror-lag");
  const importer = new Importer({ store, lagMs, clock });
  closers.push(() => importer.stop());
  const now = () => clock.now();
  if (store.isEmpty) store.ingestGenesis(genesis(now()));
  const ledger = new StoredLedger(importer, {
    now,
    rate,
    state: store.state(),
    records: store.recentRecords(RECENT_SECONDS),
    isThrottled: () => faults.isThrottled("throttle-consensus"),
    onRecord(item) {
      importer.append(item);
      if (item.changes.some(({ kind }) => kind === "schedule")) clock.rearm();
    },
  });
  clock.setAlarm({ at: () => ledger.nextExpiration, ring: () => ledger.tick() });
  const nodes: ConsensusNode[] = [];
  const source = { store, importer, now, rate, nodes, faults };
  const replica = new Replica({ source, importer, clock, faults });
  closers.push(() => replica.stop());
  const latencyMs = () => baseLatencyMs + faults.addedMs("finality");
  return { ledger, clock, faults, importer, replica, nodes, latencyMs, source };
}

/** The clock of a devnet. What its directory holds has happened, even if it was started ahead of time. */
function startClock(options: ClockOptions, last: Timestamp): DevnetClock {
  const clock = new DevnetClock(options);
  return clock.now() >= last ? clock : new DevnetClock({ ...options, start: last });
}

/** What stands between the mirror's REST API and its clients: faults, and in tests a check of every answer. */
function restWrapper(faults: Faults, replica: Replica, closers: (() => unknown)[]) {
  const file = process.env[OPENAPI_VARIABLE];
  const checked = file === undefined ? null : new CheckedAnswers(file);
  // Closers run backwards: this one before everything is closed would keep the rest from it.
  if (checked !== null) closers.unshift(() => checked.assertAllowed());
  return (rest: Respond): Respond => {
    const respond = checked === null ? rest : checked.wrap(rest);
    return withRestFaults(faults, respond, (request) => replica.respond(request, respond));
  };
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
