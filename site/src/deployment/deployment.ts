import * as z from "zod/mini";
import { FestError } from "../../../lib/hedera/error.ts";
import { isEntityId, parseTopicId, type TopicId } from "../../../lib/hedera/id.ts";
import { type NetworkName, networkOf } from "../../../lib/hedera/network.ts";

/** Where the page reads from. */
export interface Endpoints {
  readonly name: NetworkName;
  /** Base URL of the mirror node's REST API, without `/api/v1`. */
  readonly mirror: string;
  /** WebSocket of a JSON-RPC relay, if there is one. */
  readonly relayWs: string | null;
  /** Base URL of a mirror node that streams topics over gRPC-Web, if there is one. */
  readonly grpcWeb: string | null;
  /** Base URL of HashScan, if it knows the network. */
  readonly explorer: string | null;
}

/** What the page shows: a festival's log on a network. */
export interface Deployment {
  readonly endpoints: Endpoints;
  readonly log: TopicId;
  /** Where the agents' vital signs are; the manifest's own without it. */
  readonly vitals: TopicId | null;
  /** The name of the file that all of it is read from, if it is one. */
  readonly file?: string;
}

/** The parameters of a deployment as people write them; every one may be missing. */
export interface Parameters {
  readonly network?: string | undefined;
  readonly mirror?: string | undefined;
  readonly relay?: string | undefined;
  readonly stream?: string | undefined;
  readonly log?: string | undefined;
  readonly vitals?: string | undefined;
}

const NAMES = ["network", "mirror", "relay", "stream", "log", "vitals"] as const;

/** The parameters in a URL's hash, `#network=devnet&log=0.0.1010`. */
export function parametersOf(hash: string): Parameters {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = found.get(name)?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}

/** Whether a hash asks for a deployment at all, or leaves it to `config.json`. */
export function asksForDeployment(parameters: Parameters): boolean {
  return NAMES.some((name) => parameters[name] !== undefined);
}

/** The hash that leads to a deployment. */
export function hashOf(parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const name of NAMES) {
    const value = parameters[name]?.trim();
    if (value) query.set(name, value);
  }
  return `#${query.toString().replaceAll("%3A", ":").replaceAll("%2F", "/")}`;
}

/**
 * The deployment that parameters describe. A network with a name has addresses;
 * a given mirror, relay or stream replaces them. The network is devnet unless it is named.
 *
 * @throws FestError `NETWORK_UNKNOWN`, `MIRROR_MISSING`, `URL_INVALID`, `LOG_MISSING`, `ID_INVALID`
 */
export function deploymentOf(parameters: Parameters): Deployment {
  const endpoints = endpointsOf(parameters);
  if (!parameters.log) {
    throw new FestError("LOG_MISSING", "no log topic is given", { fix: "Name the topic, such as 0.0.1010." });
  }
  return {
    endpoints,
    log: parseTopicId(parameters.log.trim()),
    vitals: parameters.vitals ? parseTopicId(parameters.vitals.trim()) : null,
  };
}

function endpointsOf({ network = "devnet", mirror, relay, stream }: Parameters): Endpoints {
  const mirrorUrl = mirror ? webUrl(mirror, "mirror node", ["http:", "https:"]) : null;
  const relayUrl = relay ? webUrl(relay, "relay", ["ws:", "wss:"]) : null;
  const streamUrl = stream ? webUrl(stream, "gRPC-Web endpoint", ["http:", "https:"]) : null;
  if (network === "custom") {
    if (mirrorUrl === null) {
      throw new FestError("MIRROR_MISSING", "a custom network has no mirror node of its own", {
        fix: "Give the mirror node's URL.",
      });
    }
    return { name: "custom", mirror: mirrorUrl, relayWs: relayUrl, grpcWeb: streamUrl, explorer: null };
  }
  const known = networkOf(network);
  // A devnet elsewhere than on the standard ports has its relay elsewhere too; it streams where its REST is.
  const moved = known.name === "devnet" && mirrorUrl !== null;
  return {
    name: known.name,
    mirror: mirrorUrl ?? known.mirror,
    relayWs: relayUrl ?? (moved ? null : known.relayWs),
    grpcWeb: streamUrl ?? (moved ? mirrorUrl : known.mirrorGrpcWeb),
    explorer: known.explorer,
  };
}

function webUrl(text: string, noun: string, protocols: readonly string[]): string {
  const url = URL.parse(text.trim());
  if (url === null || !protocols.includes(url.protocol) || url.username !== "" || url.password !== "") {
    throw new FestError("URL_INVALID", `${JSON.stringify(text)} is not the URL of a ${noun}`, {
      fix: `Write it as ${protocols.at(-1)}//host.`,
    });
  }
  return (
    (url.origin === "null" ? `${url.protocol}//${url.host}` : url.origin) + url.pathname.replace(/\/+$/, "")
  );
}

const text = z.optional(z.string());
const configSchema = z.nullable(
  z.object({
    network: text,
    mirror: z.nullish(z.string()),
    relayWs: z.nullish(z.string()),
    grpcWeb: z.nullish(z.string()),
    log: z.string().check(z.refine(isEntityId, "not a topic id")),
    vitals: z.nullish(z.string()),
  }),
);

/**
 * Reads what a deployment's `config.json` says, or null if it names none.
 *
 * @throws FestError `CONFIG_INVALID`
 */
export function parseConfig(json: unknown): Parameters | null {
  const parsed = z.safeParse(configSchema, json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join(".") || "it";
    throw new FestError("CONFIG_INVALID", `config.json: ${field} is wrong (${issue?.message})`, {
      fix: "Write {network, log} and, where they differ, mirror, relayWs, grpcWeb, vitals.",
    });
  }
  if (parsed.data === null) return null;
  const { network, mirror, relayWs, grpcWeb, log, vitals } = parsed.data;
  return {
    network,
    mirror: mirror ?? undefined,
    relay: relayWs ?? undefined,
    stream: grpcWeb ?? undefined,
    log,
    vitals: vitals ?? undefined,
  };
}
