import { ConfigReader, type Environment } from "./config.ts";
import { FestError } from "./error.ts";
import { parseAccountId } from "./id.ts";
import {
  type ConsensusNode,
  DEVNET_PORTS,
  type DevnetPorts,
  devnetNetwork,
  NETWORK_NAMES,
  type Network,
  networkOf,
} from "./network.ts";

/**
 * The network that an environment names. `HEDERA_NETWORK` is `devnet` (default),
 * `testnet`, `mainnet`, `previewnet`, or `custom`; the variables below override
 * a named network's addresses one by one, and make up a custom one.
 *
 * | variable | form |
 * |---|---|
 * | `HEDERA_NODES` | `0.0.3=host:port`, several by commas |
 * | `HEDERA_MIRROR_GRPC` | `host:port` |
 * | `HEDERA_MIRROR_URL` | `http(s)://...`, with or without `/api/v1` |
 * | `HEDERA_MIRROR_GRPC_WEB_URL` | `http(s)://...` of a mirror node that speaks gRPC-Web, optional |
 * | `HEDERA_RELAY_URL` | `http(s)://...`, optional |
 * | `HEDERA_RELAY_WS_URL` | `ws(s)://...`, optional |
 * | `HEDERA_PORT_BASE` | devnet only: its five ports are N to N+4 |
 *
 * @throws ConfigError that names every variable that is wrong
 */
export function networkFromEnv(env: Environment): Network {
  const reader = new ConfigReader(env);
  const network = readNetwork(reader);
  reader.finish();
  // A reader without problems has read a network.
  if (!network) throw new FestError("NETWORK_UNKNOWN", "no network could be read");
  return network;
}

/** The same as a part of a larger environment: undefined if the reader has noted problems. */
export function readNetwork(reader: ConfigReader): Network | undefined {
  const name = reader.optional("HEDERA_NETWORK") ?? "devnet";
  const base = named(reader, name);
  const list = reader.optional("HEDERA_NODES");
  const nodes = reader.parsed("HEDERA_NODES", list, parseNodes);
  const grpc = reader.optional("HEDERA_MIRROR_GRPC");
  const mirrorGrpc = reader.parsed("HEDERA_MIRROR_GRPC", grpc, parseAddress);
  const mirror = url(reader, "HEDERA_MIRROR_URL", "http");
  const mirrorGrpcWeb = url(reader, "HEDERA_MIRROR_GRPC_WEB_URL", "http");
  const relay = url(reader, "HEDERA_RELAY_URL", "http");
  const relayWs = url(reader, "HEDERA_RELAY_WS_URL", "ws");
  if (base) {
    return {
      ...base,
      nodes: nodes ?? base.nodes,
      mirrorGrpc: mirrorGrpc ?? base.mirrorGrpc,
      mirror: mirror ?? base.mirror,
      // Another mirror node need not speak gRPC-Web.
      mirrorGrpcWeb: mirrorGrpcWeb ?? (mirror === undefined ? base.mirrorGrpcWeb : null),
      relay: relay ?? base.relay,
      relayWs: relayWs ?? base.relayWs,
    };
  }
  if (name !== "custom") return undefined;
  const fix = "A custom network needs it.";
  if (list === undefined) reader.required("HEDERA_NODES", `${fix} Write 0.0.3=host:port, several by commas.`);
  if (grpc === undefined) reader.required("HEDERA_MIRROR_GRPC", `${fix} Write host:port.`);
  reader.required("HEDERA_MIRROR_URL", `${fix} Write the URL of its mirror node.`);
  if (!nodes || !mirrorGrpc || !mirror) return undefined;
  return {
    name,
    nodes,
    mirrorGrpc,
    mirror,
    mirrorGrpcWeb: mirrorGrpcWeb ?? null,
    relay: relay ?? null,
    relayWs: relayWs ?? null,
    explorer: null,
  };
}

function named(reader: ConfigReader, name: string): Network | undefined {
  const portBase = reader.optional("HEDERA_PORT_BASE");
  const ports = reader.parsed("HEDERA_PORT_BASE", portBase, portsFrom);
  if (name === "devnet") return devnetNetwork(ports ?? DEVNET_PORTS);
  if (name === "custom") return undefined;
  if (!NETWORK_NAMES.some((known) => known === name)) {
    reader.problem(
      "HEDERA_NETWORK",
      `is ${JSON.stringify(name)}, which is not a network`,
      `Choose one of ${NETWORK_NAMES.join(", ")}.`,
    );
    return undefined;
  }
  return networkOf(name);
}

/** The ports of a devnet from its first one: node, mirror gRPC, mirror REST, relay, relay WebSocket. */
function portsFrom(text: string): DevnetPorts {
  const base = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(base >= 1 && base <= 65_531)) {
    throw new FestError("PORT_INVALID", `${JSON.stringify(text)} is not a port`, {
      fix: "Write a number from 1 to 65531.",
    });
  }
  return { node: base, mirrorGrpc: base + 1, mirror: base + 2, relay: base + 3, relayWs: base + 4 };
}

function parseNodes(text: string): readonly ConsensusNode[] {
  return text.split(",").map((entry) => {
    const [account, address, ...rest] = entry.trim().split("=");
    if (account === undefined || address === undefined || rest.length > 0) {
      throw new FestError("NODE_INVALID", `${JSON.stringify(entry.trim())} is not a node`, {
        fix: "Write 0.0.3=host:port, several by commas.",
      });
    }
    return { account: parseAccountId(account), address: parseAddress(address) };
  });
}

function parseAddress(text: string): string {
  const port = Number(/^[^\s:/@]+:(\d{1,5})$/.exec(text)?.[1]);
  if (!(port >= 1 && port <= 65_535)) {
    throw new FestError("ADDRESS_INVALID", `${JSON.stringify(text)} is not an address`, {
      fix: "Write host:port, without a scheme.",
    });
  }
  return text;
}

function url(reader: ConfigReader, variable: string, scheme: "http" | "ws"): string | undefined {
  return reader.parsed(variable, reader.optional(variable), (text) => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    if (!parsed || (parsed.protocol !== `${scheme}:` && parsed.protocol !== `${scheme}s:`)) {
      // Not quoted: a URL may carry a key of a paid provider.
      throw new FestError("URL_INVALID", "it is not a URL of the right kind", {
        fix: `Write ${scheme}://host:port or ${scheme}s://host.`,
      });
    }
    return text.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
  });
}
