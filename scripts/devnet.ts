import { InvalidArgumentError } from "commander";
import { createNotifier } from "../lib/agent/notify.ts";
import type { Devnet } from "../lib/devnet/devnet.ts";
import { parseDurationMs } from "../lib/devnet/duration.ts";
import { type Fault, parseFault } from "../lib/devnet/fault/fault.ts";
import { rateSource } from "../lib/devnet/rate/source.ts";
import { describeError } from "../lib/hedera/error.ts";
import { fromMillis, type Timestamp } from "../lib/hedera/timestamp.ts";
import { asArgument, commandLine, wholeNumber } from "./support/command-line.ts";
import { describeFailure } from "./support/failure.ts";
import { waitForRoom } from "./support/room.ts";

const program = commandLine("devnet", "bun run devnet --port-base 40000 --data .fest/devnet")
  .description("An embedded Hedera network: consensus node, mirror node and JSON-RPC relay on 127.0.0.1.")
  .option("--json", "print one JSON object on stdout when ready, and nothing else")
  .option(
    "--port-base <port>",
    "listen on five ports in a row from here on; 0 takes free ones",
    wholeNumber(0, 65_531),
  )
  .option(
    "--latency <duration>",
    "finality and mirror lag, such as 500ms or 2s (testnet: 2s)",
    asArgument(parseDurationMs),
  )
  .option("--data <directory>", "keep the ledger here across restarts; without, it ends with the process")
  .option(
    "--rate <source>",
    "exchange rate: generated[:seed], fixed:<cents an HBAR> or <file>.csv",
    asArgument(rateSource),
  )
  .option("--start <time>", "let the network's clock start here, such as 2026-01-31T12:00:00Z", startTime)
  .option("--speed <factor>", "let the network's clock run so many times as fast; 0 freezes it", speed)
  .option(
    "--control <port>",
    "listen for control commands (clock, snapshots, faults); 0 takes a free port",
    wholeNumber(0, 65_535),
  )
  .option("--fault <fault>", "let something go wrong, such as node-busy:every=3; may be repeated", addFault)
  .addHelpText(
    "after",
    "\nClock, snapshots, faults and the control endpoint are described in docs/devnet.md.",
  )
  .parse();

const options = program.opts<{
  json?: true;
  portBase?: number;
  latency?: number;
  data?: string;
  rate?: ReturnType<typeof rateSource>;
  start?: Timestamp;
  speed?: number;
  control?: number;
  fault?: readonly Fault[];
}>();

// gRPC would report a port in use on its own account, before we do.
process.env.GRPC_VERBOSITY ??= "NONE";
const notifier = createNotifier(process.env);
const { startDevnet } = await import("../lib/devnet/devnet.ts");

try {
  if (options.data !== undefined && notifier.active) await waitForRoom(options.data, notifier);
  const devnet = await startDevnet({
    ...(options.portBase !== undefined && { portBase: options.portBase }),
    ...(options.latency !== undefined && { latencyMs: options.latency }),
    ...(options.data !== undefined && { dataDir: options.data }),
    ...(options.rate !== undefined && { rate: options.rate }),
    ...(options.control !== undefined && { controlPort: options.control }),
    clock: { start: options.start, speed: options.speed },
    ...(options.fault !== undefined && { faults: options.fault }),
  });
  const end = async () => {
    await devnet.stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end().catch(fail));
  // Started with a channel, a devnet lives no longer than who holds its other end.
  process.once("disconnect", () => void end().catch(fail));
  notifier.notify(`READY=1\nSTATUS=${devnet.network.nodes[0]?.address}, mirror ${devnet.network.mirror}`);
  // A journal is for others to read, too: nothing that opens an account belongs there.
  if (!notifier.active) console.log(options.json ? JSON.stringify(readyEvent(devnet)) : banner(devnet));
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  notifier.notify(`STATUS=${describeError(error)}`);
  console.error(`devnet: ${describeFailure(error)}`);
  process.exit(1);
}

function readyEvent({ network, operator, control }: Devnet) {
  const { mirrorGrpc, mirror, relay, relayWs } = network;
  const node = network.nodes[0]?.address;
  return {
    event: "ready",
    node,
    mirrorGrpc,
    mirror,
    relay,
    relayWs,
    operator,
    ...(control !== null && { control }),
  };
}

function banner({ network, operator, control }: Devnet): string {
  return `Devnet is ready. Ctrl-C stops it.

  consensus node   ${network.nodes[0]?.address} (${network.nodes[0]?.account})
  mirror REST      ${network.mirror}/api/v1
  mirror gRPC      ${network.mirrorGrpc} (gRPC-Web on the REST port)
  relay            ${network.relay}
  relay WebSocket  ${network.relayWs}${control === null ? "" : `\n  control          ${control}`}

  operator         ${operator.accountId}
  private key      ${operator.privateKey}
                   the key that every Hedera SDK's examples use for local networks`;
}

function speed(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("It is a number, or 0 for a frozen clock.");
  return Number(text);
}

function startTime(text: string): Timestamp {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError("Write it like 2026-01-31T12:00:00Z.");
  return fromMillis(milliseconds);
}

function addFault(text: string, before: readonly Fault[] = []): readonly Fault[] {
  return [...before, asArgument(parseFault)(text)];
}
