import { join, resolve } from "node:path";
import type { Network } from "../../hedera/network.ts";
import { AGENTS, type Deployment, PARTIES, type Party } from "./deployment.ts";
import { keyPath } from "./key-file.ts";
import type { Festival } from "./options.ts";
import { writeSecret } from "./secret.ts";

/** The environment of a party: who it is, where its network is, and where its own key lies, nobody else's. */
export function environmentOf(
  party: Party,
  network: Network,
  deployment: Deployment,
  { accounts, log, vitals }: Pick<Festival, "accounts" | "log" | "vitals">,
): Readonly<Record<string, string>> {
  return {
    HEDERA_NETWORK: network.name,
    ...(network.nodes.length === 0
      ? {}
      : { HEDERA_NODES: network.nodes.map(({ account, address }) => `${account}=${address}`).join(",") }),
    HEDERA_MIRROR_GRPC: network.mirrorGrpc,
    HEDERA_MIRROR_URL: network.mirror,
    ...(network.mirrorGrpcWeb === null ? {} : { HEDERA_MIRROR_GRPC_WEB_URL: network.mirrorGrpcWeb }),
    ...(network.relay === null ? {} : { HEDERA_RELAY_URL: network.relay }),
    ...(network.relayWs === null ? {} : { HEDERA_RELAY_WS_URL: network.relayWs }),
    HEDERA_ACCOUNT_ID: accounts[party],
    HEDERA_KEY_TYPE: deployment.keyOf(party).type,
    HEDERA_PRIVATE_KEY_FILE: resolve(keyPath(deployment.folder, party)),
    FEST_LOG: log,
    FEST_VITALS: vitals,
    ...(party === "owner" ? {} : { FEST_AGENT: AGENTS[party] }),
  };
}

/** Writes `<party>.env` beside `<party>.key` for every party, mode 0600, and returns their paths. */
export async function writeEnvironments(
  network: Network,
  deployment: Deployment,
  festival: Festival,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const party of PARTIES) {
    const path = join(deployment.folder, `${party}.env`);
    const lines = Object.entries(environmentOf(party, network, deployment, festival));
    await writeSecret(path, lines.map(([name, value]) => `${name}=${value}\n`).join(""));
    paths.push(path);
  }
  return paths;
}
