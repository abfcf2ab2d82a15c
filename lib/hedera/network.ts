import { FestError } from "./error.ts";
import type { AccountId } from "./id.ts";

/** The networks that have a name. */
export const NETWORK_NAMES = ["devnet", "testnet", "mainnet", "previewnet", "custom"] as const;
/** The name of a network. */
export type NetworkName = (typeof NETWORK_NAMES)[number];

/** A consensus node: where its gRPC listens and which account it is paid to. */
export interface ConsensusNode {
  readonly account: AccountId;
  /** `host:port` */
  readonly address: string;
}

/** Everything that agents, scripts and the site need to know of a network. */
export interface Network {
  readonly name: NetworkName;
  /** Consensus nodes; empty where the SDK's own address book serves (testnet, mainnet, previewnet). */
  readonly nodes: readonly ConsensusNode[];
  /** `host:port` of the mirror node's gRPC. */
  readonly mirrorGrpc: string;
  /** Base URL of the mirror node's REST API, without `/api/v1`. */
  readonly mirror: string;
  /** Base URL of the mirror node's gRPC-Web, if it speaks that; public mirror nodes do not. */
  readonly mirrorGrpcWeb: string | null;
  /** JSON-RPC relay over HTTP, if there is one. */
  readonly relay: string | null;
  /** JSON-RPC relay over WebSocket, if there is one. */
  readonly relayWs: string | null;
  /** Base URL of HashScan for this network, if it knows it. */
  readonly explorer: string | null;
}

/** The ports of a devnet, as every Hedera SDK expects them of a local node. */
export interface DevnetPorts {
  readonly node: number;
  readonly mirrorGrpc: number;
  readonly mirror: number;
  readonly relay: number;
  readonly relayWs: number;
}

/** The default ports of a devnet. */
export const DEVNET_PORTS: DevnetPorts = {
  node: 50211,
  mirrorGrpc: 5600,
  mirror: 5551,
  relay: 7546,
  relayWs: 8546,
};

/** A devnet on the given ports of the loopback interface. */
export function devnetNetwork(ports: DevnetPorts = DEVNET_PORTS): Network {
  return {
    name: "devnet",
    nodes: [{ account: "0.0.3", address: `127.0.0.1:${ports.node}` }],
    mirrorGrpc: `127.0.0.1:${ports.mirrorGrpc}`,
    mirror: `http://127.0.0.1:${ports.mirror}`,
    mirrorGrpcWeb: `http://127.0.0.1:${ports.mirror}`,
    relay: `http://127.0.0.1:${ports.relay}`,
    relayWs: `ws://127.0.0.1:${ports.relayWs}`,
    explorer: null,
  };
}

function publicNetwork(name: "testnet" | "mainnet" | "previewnet"): Network {
  const mirrorHost =
    name === "mainnet" ? "mainnet-public.mirrornode.hedera.com" : `${name}.mirrornode.hedera.com`;
  return {
    name,
    nodes: [],
    mirrorGrpc: `${mirrorHost}:443`,
    mirror: `https://${mirrorHost}`,
    mirrorGrpcWeb: null,
    relay: `https://${name}.hashio.io/api`,
    relayWs: `wss://${name}.hashio.io/ws`,
    explorer: `https://hashscan.io/${name}`,
  };
}

/** A named network; `custom` has no address of its own and is refused. @throws FestError `NETWORK_UNKNOWN` */
export function networkOf(name: string): Network {
  switch (name) {
    case "devnet":
      return devnetNetwork();
    case "testnet":
    case "mainnet":
    case "previewnet":
      return publicNetwork(name);
    default:
      throw new FestError("NETWORK_UNKNOWN", `${JSON.stringify(name)} is not a known network`, {
        fix: `Choose one of ${NETWORK_NAMES.join(", ")}; custom needs explicit URLs.`,
      });
  }
}
