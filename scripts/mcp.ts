/** The assistant's door: what the agents did, and whether it is so, over the Model Context Protocol; read-only. */
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { createMirror } from "../lib/mirror/client.ts";
import type { Source } from "./mcp/answers.ts";
import { serveMcp } from "./mcp/http.ts";
import { createMcpServer } from "./mcp/server.ts";
import { VerifiedLog } from "./mcp/verified-log.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { namedLog } from "./support/named.ts";

const options = commandLine("mcp", "bun run mcp --http --log 0.0.1012 --mirror http://127.0.0.1:5551")
  .description(
    "A read-only server of the Model Context Protocol over status, tasks, why, log, verify and doctor. It reads no key.",
  )
  .option("--http", "serve http://127.0.0.1:PORT/mcp; without, speak over stdin and stdout")
  .option("--port <port>", "with --http; 0 takes a free one", wholeNumber(0, 65_535), 8720)
  .option("--json", "with --http: print one JSON object on stdout once it serves")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .parse()
  .opts<{ http?: true; port: number; json?: true; log?: string; mirror?: string }>();

try {
  const source = sourceOf();
  if (options.http) await overHttp(source);
  else await overStdio(source);
  process.exit(0);
} catch (error) {
  // Over stdio, stdout belongs to the protocol.
  fail("mcp", options.json, error);
}

function sourceOf(): Source {
  // Only what says where the network is, whatever else this process was given.
  const named = Object.entries(process.env).filter(([variable]) =>
    /^HEDERA_(NETWORK|NODES|PORT_BASE|MIRROR_\w+|RELAY_\w+)$/.test(variable),
  );
  const own = options.mirror === undefined ? {} : { HEDERA_MIRROR_URL: options.mirror };
  const env = { ...Object.fromEntries(named), ...own };
  const network = networkFromEnv(env);
  return {
    log: new VerifiedLog(createMirror({ baseUrl: network.mirror }), namedLog(options.log)),
    network,
    env,
  };
}

async function overStdio(source: Source): Promise<void> {
  const ended = Promise.withResolvers<void>();
  process.stdin.once("close", () => ended.resolve());
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => ended.resolve());
  const server = createMcpServer(source);
  await server.connect(new StdioServerTransport());
  await ended.promise;
  await server.close();
}

async function overHttp(source: Source): Promise<void> {
  const ended = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => ended.resolve());
  const server = serveMcp(source, options.port);
  const url = `http://127.0.0.1:${server.port}/mcp`;
  console.log(options.json ? JSON.stringify({ ok: true, url }) : `The assistant's door is ${url}`);
  await ended.promise;
  await server.stop();
}
