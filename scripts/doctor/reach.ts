/** Whether everything on the network answers, and how soon. */
import { describeError, FestError } from "../../lib/hedera/error.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { probeNodes } from "../../lib/ledger/probe.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import { error, type Finding, ok, warning } from "./finding.ts";

const PATIENCE_MS = 5_000;
/** Chain ids by network (EIP-155). */
const CHAINS: Readonly<Record<string, number>> = { mainnet: 295, testnet: 296, previewnet: 297, devnet: 298 };

/** Asks every consensus node for something free. */
export async function nodes(network: Network): Promise<readonly Finding[]> {
  const answers = await probeNodes(network);
  const times = answers.flatMap(({ milliseconds }) => milliseconds ?? []);
  const silent = answers.filter(({ milliseconds }) => milliseconds === null).map(({ node }) => node);
  const said = `${times.length} of ${answers.length} consensus nodes answer`;
  const [slowest = 0] = times.toSorted((a, b) => b - a);
  if (silent.length === 0) return [ok("node", `${said}, the slowest in ${slowest} ms`)];
  const message = `${said}; silent: ${silent.join(", ")}`;
  const fix = checkCommand(network, network.nodes[0]?.address ?? `${network.name}.hedera.com:50211`);
  return [times.length === 0 ? error("node", message, fix) : warning("node", message, fix)];
}

/** Asks the mirror node for its newest block. */
export async function mirrorAnswers(network: Network, mirror: Mirror): Promise<readonly Finding[]> {
  const began = performance.now();
  try {
    await mirror.latestBlock({ retries: 1 });
    return [ok("mirror", `the mirror node answers in ${since(began)} ms`)];
  } catch (thrown) {
    if (!(thrown instanceof FestError)) throw thrown;
    return [error("mirror", describeError(thrown), checkCommand(network, network.mirror))];
  }
}

/** Asks the relay which chain it serves. The relay only makes things faster, so that nothing here is an error but a wrong chain. */
export async function relay(network: Network): Promise<readonly Finding[]> {
  const { name, relay: url } = network;
  if (url === null) return [ok("relay", "no JSON-RPC relay is configured; nothing needs it")];
  const began = performance.now();
  const fix = checkCommand(network, url);
  let chain: number;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body: unknown = await response.json();
    const result = typeof body === "object" && body !== null && "result" in body ? body.result : null;
    chain = Number(result ?? Number.NaN);
  } catch (thrown) {
    return [warning("relay", `the relay does not answer: ${describeError(thrown)}`, fix)];
  }
  const wanted = CHAINS[name];
  if (wanted !== undefined && chain !== wanted) {
    const message = `the relay serves chain ${chain}, ${name} is chain ${wanted}`;
    return [
      error(
        "relay-chain",
        message,
        `curl -sS -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}' ${url}`,
      ),
    ];
  }
  return [ok("relay", `the relay serves chain ${chain} and answers in ${since(began)} ms`)];
}

/** Opens the relay's WebSocket. */
export async function relayWebSocket(network: Network): Promise<readonly Finding[]> {
  const { relayWs } = network;
  if (relayWs === null)
    return [ok("relay-ws", "no relay WebSocket is configured; the mirror node is polled")];
  const began = performance.now();
  const opened = await opens(relayWs);
  if (opened) return [ok("relay-ws", `the relay's WebSocket opens in ${since(began)} ms`)];
  const message = "the relay's WebSocket does not open; new entries are seen later";
  return [warning("relay-ws", message, checkCommand(network, relayWs.replace(/^ws/, "http")))];
}

async function opens(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = new WebSocket(url);
  const timer = setTimeout(() => resolve(false), PATIENCE_MS);
  socket.onopen = () => resolve(true);
  socket.onerror = () => resolve(false);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

function since(began: number): number {
  return Math.round(performance.now() - began);
}

function checkCommand({ name }: Pick<Network, "name">, address: string): string {
  if (name === "devnet") return "bun run devnet";
  const url = address.includes("://") ? address : `telnet://${address}`;
  return `curl -sv --max-time 5 ${url}`;
}
