import { FestError } from "../../lib/hedera/error.ts";
import { parseAccountId } from "../../lib/hedera/id.ts";
import { devnetNetwork, type Network } from "../../lib/hedera/network.ts";
import { end, readLines } from "./supervisor.ts";

/** A devnet in a process of its own. */
export interface DevnetProcess {
  readonly network: Network;
  readonly operator: { readonly accountId: `${number}.${number}.${number}`; readonly privateKey: string };
  readonly pid: number;
  /** Resolves when the process ends, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** How to start it; see `bun run devnet --help`. */
export interface DevnetArguments {
  readonly portBase?: number | undefined;
  readonly latency?: string | undefined;
  readonly data?: string | undefined;
}

/** Starts `scripts/devnet.ts` and waits until it is ready. @throws FestError `DEVNET_FAILED` with its own words */
export async function startDevnetProcess(options: DevnetArguments): Promise<DevnetProcess> {
  const flags = [
    ...(options.portBase === undefined ? [] : ["--port-base", String(options.portBase)]),
    ...(options.latency === undefined ? [] : ["--latency", options.latency]),
    ...(options.data === undefined ? [] : ["--data", options.data]),
  ];
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/../devnet.ts`, "--json", ...flags], {
    // Said, or Bun would leave out what this process has set itself.
    env: process.env,
    stdio: ["ignore", "pipe", "pipe"],
    ipc: () => undefined,
  });
  const said: string[] = [];
  void readLines(child.stderr, (line) => said.push(line));
  const ready = await new Promise<string | null>((resolve) => {
    void readLines(child.stdout, resolve).then(() => resolve(null));
  });
  if (ready === null) {
    await child.exited;
    throw new FestError("DEVNET_FAILED", said.join(" ") || "devnet ended before it was ready");
  }
  const { node, mirrorGrpc, mirror, relay, relayWs, operator } = JSON.parse(ready);
  return {
    network: {
      ...devnetNetwork(),
      nodes: [{ account: "0.0.3", address: node }],
      mirrorGrpc,
      mirror,
      mirrorGrpcWeb: mirror,
      relay,
      relayWs,
    },
    operator: { accountId: parseAccountId(operator.accountId), privateKey: operator.privateKey },
    pid: child.pid,
    ended: child.exited.then(() => undefined),
    stop: () => end(child),
  };
}
