import { Command, InvalidArgumentError } from "commander";
import type { Devnet } from "../lib/devnet/devnet.ts";
import { parseDurationMs } from "../lib/devnet/duration.ts";
import { describeError, FestError } from "../lib/hedera/error.ts";

const program = new Command("devnet")
  .description("An embedded Hedera network: consensus node, mirror node and JSON-RPC relay on 127.0.0.1.")
  .option("--json", "print one JSON object on stdout when ready, and nothing else")
  .option("--port-base <port>", "listen on five ports in a row from here on; 0 takes free ones", portBase)
  .option("--latency <duration>", "finality and mirror lag, such as 500ms or 2s (testnet: 2s)", latency)
  .option("--data <directory>", "keep the ledger here across restarts; without, it ends with the process")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse();

const options = program.opts<{ json?: true; portBase?: number; latency?: number; data?: string }>();

// gRPC would report a port in use on its own account, before we do.
process.env.GRPC_VERBOSITY ??= "NONE";
const { startDevnet } = await import("../lib/devnet/devnet.ts");

try {
  const devnet = await startDevnet({
    ...(options.portBase !== undefined && { portBase: options.portBase }),
    ...(options.latency !== undefined && { latencyMs: options.latency }),
    ...(options.data !== undefined && { dataDir: options.data }),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, async () => {
      await devnet.stop();
      process.exit(0);
    });
  }
  // Started with a channel, a devnet lives no longer than who holds its other end.
  process.once("disconnect", async () => {
    await devnet.stop();
    process.exit(0);
  });
  console.log(options.json ? JSON.stringify(readyEvent(devnet)) : banner(devnet));
} catch (error) {
  console.error(describeError(error));
  process.exit(1);
}

function readyEvent({ network, operator }: Devnet) {
  const { mirrorGrpc, mirror, relay, relayWs } = network;
  const node = network.nodes[0]?.address;
  return { event: "ready", node, mirrorGrpc, mirror, relay, relayWs, operator };
}

function banner({ network, operator }: Devnet): string {
  return `Devnet is ready. Ctrl-C stops it.

  consensus node   ${network.nodes[0]?.address} (${network.nodes[0]?.account})
  mirror REST      ${network.mirror}/api/v1
  mirror gRPC      ${network.mirrorGrpc} (gRPC-Web on the REST port)
  relay            ${network.relay}
  relay WebSocket  ${network.relayWs}

  operator         ${operator.accountId}
  private key      ${operator.privateKey}
                   the key that every Hedera SDK's examples use for local networks`;
}

function portBase(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("It is a port number, or 0.");
  return Number(text);
}

function latency(text: string): number {
  try {
    return parseDurationMs(text);
  } catch (error) {
    throw error instanceof FestError ? new InvalidArgumentError(error.message) : error;
  }
}
