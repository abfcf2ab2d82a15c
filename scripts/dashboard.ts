/** Serves the built page from this machine, on loopback, to the festival of the environment. */
import { Command, InvalidArgumentError } from "commander";
import { createNotifier } from "../lib/agent/notify.ts";
import { describeError } from "../lib/hedera/error.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { serveSite } from "../site/serve.ts";
import { hashOf } from "../site/src/deployment/deployment.ts";

const options = new Command("dashboard")
  .description("Serve the built page on 127.0.0.1, and print the address that shows FEST_LOG.")
  .option("--json", "print one JSON object on stdout when ready, and nothing else")
  .option("--port <port>", "0 takes a free one", port, 5173)
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse()
  .opts<{ json?: true; port: number }>();

try {
  const { name: network, mirror, relayWs } = networkFromEnv(process.env);
  const { FEST_LOG: log, FEST_VITALS: vitals } = process.env;
  const server = serveSite({ port: options.port });
  const hash = log ? hashOf({ network, mirror, relay: relayWs ?? undefined, log, vitals }) : "";
  const end = () => void server.stop().then(() => process.exit(0));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  const url = server.url + hash;
  createNotifier(process.env).notify(`READY=1\nSTATUS=${url}`);
  console.log(options.json ? JSON.stringify({ event: "ready", url }) : `${url}\nCtrl-C stops it.`);
} catch (error) {
  createNotifier(process.env).notify(`STATUS=${describeError(error)}`);
  console.error(`dashboard: ${describeError(error)}`);
  process.exit(1);
}

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("It is a port number, or 0.");
  return Number(text);
}
