/** This machine's clock against consensus time, and how far the mirror node is behind. */
import type { Network } from "../../lib/hedera/network.ts";
import { fromMillis, NANOS_PER_SECOND, type Timestamp } from "../../lib/hedera/timestamp.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import type { Context } from "./context.ts";
import { error, type Finding, ok, warning } from "./finding.ts";

/** A transaction starts 5 s before our clock; one that starts after the node's is refused. */
const MOST_SECONDS = 5n;
/** On a network that never rests, a block is two seconds. */
const MOST_LAG_SECONDS = 60n;
const NEVER_REST = ["testnet", "mainnet", "previewnet"];

/** Compares with the time that the mirror node's server says, and with its newest block. */
export async function clock(
  { now }: Pick<Context, "now">,
  network: Network,
  mirror: Mirror,
): Promise<readonly Finding[]> {
  const server = await serverTime(network, now);
  const block = await mirror.latestBlock();
  const here = now();
  const findings: Finding[] = [];
  if (server !== null && magnitude(server.offset) > MOST_SECONDS * NANOS_PER_SECOND) {
    const seconds = magnitude(server.offset) / NANOS_PER_SECOND;
    const way = server.offset > 0n ? "behind" : "ahead of";
    findings.push(
      error("clock", `this machine's clock is ${seconds} s ${way} the network's`, "timedatectl set-ntp true"),
    );
  }
  if (block !== null && block.to > here + MOST_SECONDS * NANOS_PER_SECOND && findings.length === 0) {
    const seconds = (block.to - here) / NANOS_PER_SECOND;
    const message = `this machine's clock is ${seconds} s behind consensus time`;
    findings.push(error("clock", message, "timedatectl set-ntp true"));
  }
  const lag = block === null ? 0n : (here - block.to) / NANOS_PER_SECOND;
  if (NEVER_REST.includes(network.name) && lag > MOST_LAG_SECONDS && findings.length === 0) {
    const message = `the mirror node is ${lag} s behind consensus`;
    findings.push(warning("mirror-lag", message, `curl -sS '${network.mirror}/api/v1/blocks?limit=1'`));
  }
  if (findings.length > 0) return findings;
  const within = server === null ? "" : `, within ${magnitude(server.offset) / 1_000_000n} ms`;
  return [ok("clock", `this machine's clock agrees with the network's${within}`)];
}

/** The server's time less ours; `Date` has whole seconds, so that half a second is its middle. */
async function serverTime(
  { mirror }: Network,
  now: () => Timestamp,
): Promise<{ readonly offset: bigint } | null> {
  const before = now();
  const response = await fetch(`${mirror}/api/v1/blocks?limit=1`, { signal: AbortSignal.timeout(5_000) });
  const after = now();
  const date = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(date)) return null;
  return { offset: fromMillis(date + 500) - (before + after) / 2n };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
