/** Serves the built page from this machine, on loopback, to the festival of the environment. */
import { createNotifier } from "../lib/agent/notify.ts";
import { describeError } from "../lib/hedera/error.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { serveSite } from "../site/serve.ts";
import { hashOf } from "../site/src/deployment/deployment.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";

const options = commandLine("dashboard", "FEST_LOG=0.0.1012 bun run dashboard --port 8080")
  .description("Serve the built page on 127.0.0.1, and print the address that shows FEST_LOG.")
  .option("--json", "print one JSON object on stdout when ready, and nothing else")
  .option("--port <port>", "0 takes a free one", wholeNumber(0, 65_535), 5173)
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
  fail("dashboard", options.json, error);
}
