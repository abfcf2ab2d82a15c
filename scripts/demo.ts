/** A festival from plan to payment to commit on a network of its own, with one command. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Option } from "commander";
import { readPlan } from "../lib/agent/plan-source.ts";
import type { NoiseSetup } from "../lib/agent/setup/options.ts";
import { KINDS } from "../lib/agent/work/kinds.ts";
import type { Plan } from "../lib/festival/plan/plan.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { connectRelay } from "../lib/mirror/relay.ts";
import { DEMO_NOISE, noiseFor } from "./setup/noise.ts";
import { asArgument, commandLine, duration, planOption, wholeNumber } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { type Host, startHost } from "./support/host.ts";
import { modelEnvironment } from "./support/model-env.ts";
import { committedEvent, Narrator } from "./support/narrator.ts";
import { openSite, type Site } from "./support/site.ts";
import { watchLog } from "./support/watch.ts";

interface Options {
  readonly once?: true;
  readonly json?: true;
  readonly plan: string;
  readonly portBase?: number;
  readonly latency?: string;
  readonly data?: string;
  readonly noise: NoiseSetup | null;
  readonly site: boolean;
}

const SITE_PORT = 5173;
const HEALTH_PORT = 8701;
const ROOT = resolve(import.meta.dir, "..");

const program = commandLine("demo", "bun run demo --once --latency 2s")
  .description(
    "Run a festival from plan to payment to commit on an embedded Hedera network, and show it on a page.",
  )
  .option("--once", "end after the first edition's commit")
  .option("--json", "print one JSON object a line on stdout, and nothing else")
  .addOption(planOption("the festival to run"))
  .option(
    "--port-base <port>",
    "devnet on five ports from here on, the page on the next; 0 takes free ones",
    wholeNumber(0, 65_520),
  )
  .option("--latency <duration>", "finality and mirror lag, such as 2s (like testnet)", duration)
  .option(
    "--data <folder>",
    "keep ledger and keys here and carry on from them; without, they end with the demo",
  )
  .addOption(
    new Option("--noise <seed>", "seed of the noise trader that moves the desk's price, or off")
      .default(DEMO_NOISE, DEMO_NOISE.seed)
      .argParser(asArgument((seed) => noiseFor("devnet", seed) ?? null)),
  )
  .option("--no-site", "without the page")
  .parse();

const options = program.opts<Options>();
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());

try {
  const plan = await readPlan(options.plan, KINDS);
  process.exit(await run(plan));
} catch (error) {
  fail("demo", options.json, error);
}

async function run(plan: Plan): Promise<number> {
  const narrator = new Narrator(options.json === true);
  const folder = options.data ?? (await mkdtemp(join(tmpdir(), "fest-demo-")));
  let site: Site | null = null;
  let host: Host | null = null;
  try {
    if (options.site) {
      narrator.step("build the page");
      site = await openSite(sitePort());
    }
    host = await startHost({
      planFolder: options.plan,
      plan,
      folder,
      keepLedger: options.data !== undefined,
      portBase: options.portBase,
      latency: options.latency,
      noise: options.noise,
      ...(options.portBase === 0 ? {} : { healthBase: (options.portBase ?? HEALTH_PORT - 10) + 10 }),
      logLevel: options.json ? "warn" : "error",
      gitCommit: gitCommit(),
      env: modelEnvironment(process.env),
      onStep: (step) => narrator.step(step),
      onLine: (line) => narrator.line(line),
      onFailure: (name, problem) => narrator.warn(`${name} ${problem}; it is started again`),
    });
    void host.devnet.ended.then(() => stopping.abort());
    narrator.ready(host, site?.urlOf(host) ?? null);
    return await follow(host, narrator);
  } finally {
    await host?.stop();
    await site?.stop();
    if (options.data === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Tells what the log says until the first commit (`--once`) or for ever; the exit code. */
async function follow(host: Host, narrator: Narrator): Promise<number> {
  const { network, festival } = host;
  const mirror = createMirror({ baseUrl: network.mirror });
  const relay = connectRelay({ url: network.relayWs ?? "" });
  const { signal } = stopping;
  try {
    for await (const turn of watchLog({ mirror, log: festival.log, wake: relay, signal })) {
      narrator.turn(turn);
      const { commits } = turn.after;
      if (commits === turn.before.commits) continue;
      narrator.committed(await committedEvent(mirror, turn.after));
      if (options.once) return 0;
    }
    return options.once ? 1 : 0;
  } finally {
    relay.close();
  }
}

function sitePort(): number {
  if (options.portBase === undefined) return SITE_PORT;
  return options.portBase === 0 ? 0 : options.portBase + 5;
}

function gitCommit(): string | null {
  const { exitCode, stdout } = Bun.spawnSync(["git", "rev-parse", "HEAD"], { cwd: ROOT, stderr: "ignore" });
  const commit = stdout.toString().trim();
  return exitCode === 0 && /^[0-9a-f]{40}$/.test(commit) ? commit : null;
}
