import { Client, AccountId as SdkAccountId } from "@hashgraph/sdk";
import { FestError } from "../hedera/error.ts";
import type { AccountId } from "../hedera/id.ts";
import type { Network } from "../hedera/network.ts";
import type { Clock } from "../mirror/clock.ts";
import type { SigningKey } from "./key.ts";
import { PlainClient } from "./plain-client.ts";
import type { Transport } from "./transport.ts";

/** For one call. The SDK leaves its timers running, so this is also how long a closed ledger delays the process's exit. */
const GRPC_DEADLINE_MS = 3_000;
const REQUEST_TIMEOUT_MS = 4_000;
const PUBLIC_NETWORKS: readonly string[] = ["mainnet", "testnet", "previewnet"];

/** What everything in this folder shares: the account it acts for and the way to the nodes. */
export interface Session {
  readonly network: Network;
  readonly account: AccountId;
  readonly key: SigningKey;
  readonly transport: Transport;
  /** The consensus nodes' accounts; each call asks one of them. */
  readonly nodes: NodeRotation;
  /** Paces attempts; its time only ever decides when not to send. */
  readonly clock: Clock;
  /** Aborts when the ledger is closed. */
  readonly closing: AbortSignal;
}

/** Takes turns among consensus nodes: stays with one that works, moves on when told. */
export class NodeRotation {
  readonly #nodes: readonly SdkAccountId[];
  #next: number;

  /** @param start where to begin, modulo the number of nodes */
  constructor(nodes: readonly SdkAccountId[], start: number) {
    this.#nodes = nodes;
    this.#next = start % Math.max(1, nodes.length);
  }

  /** The node whose turn it is. */
  current(): SdkAccountId {
    const node = this.#nodes[this.#next];
    if (node === undefined) throw new FestError("NETWORK_EMPTY", "there are no consensus nodes");
    return node;
  }

  /** Moves on if `node` is still the one whose turn it is: concurrent failures skip it once. */
  skip(node: SdkAccountId): void {
    if (this.#nodes[this.#next] === node) this.#next = (this.#next + 1) % this.#nodes.length;
  }
}

/**
 * Opens the SDK's client and switches off, here and nowhere else, all by which
 * it helps: new transaction ids, retries, node health (a node that once failed
 * would be shunned for 8 s to an hour), downloads of the address book. One call
 * is one attempt at one node; what to do next is for `deliver.ts` to decide.
 */
export function openClient(network: Network, account: AccountId, key: SigningKey): Client {
  const client = new PlainClient({
    network: network.nodes.length > 0 ? sdkNodes(network) : network.name,
    mirrorNetwork: [network.mirrorGrpc],
    scheduleNetworkUpdate: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    grpcDeadline: GRPC_DEADLINE_MS,
  });
  client.setDefaultRegenerateTransactionId(false);
  client.setAllowReceiptNodeFailover(false);
  client.setMaxAttempts(1);
  client.setMinBackoff(1);
  client.setMaxBackoff(1);
  client.setNodeMinBackoff(1);
  client.setNodeMaxBackoff(1);
  client.setNodeMinReadmitPeriod(1);
  client.setNodeMaxReadmitPeriod(1);
  client.setOperatorWith(SdkAccountId.fromString(account), key.sdkPublicKey, async (bytes) =>
    key.sign(bytes),
  );
  return client;
}

/**
 * The accounts of a network's nodes, each once: one node may listen at several
 * addresses. A public network's come from the address book inside the SDK.
 *
 * @throws FestError `NETWORK_EMPTY`
 */
export function nodeAccounts(network: Network): SdkAccountId[] {
  if (network.nodes.length > 0) return network.nodes.map((node) => SdkAccountId.fromString(node.account));
  if (!PUBLIC_NETWORKS.includes(network.name)) {
    throw new FestError("NETWORK_EMPTY", `the network ${network.name} has no consensus nodes`, {
      fix: "Set HEDERA_NODES to at least one account=host:port.",
    });
  }
  const book = Client.forName(network.name, { scheduleNetworkUpdate: false });
  const accounts = new Set(Object.values(book.network).map(String));
  book.close();
  return [...accounts].map((id) => SdkAccountId.fromString(id));
}

function sdkNodes(network: Network): Record<string, SdkAccountId> {
  return Object.fromEntries(
    network.nodes.map((node) => [node.address, SdkAccountId.fromString(node.account)]),
  );
}
