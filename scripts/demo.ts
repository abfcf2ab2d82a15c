/** A festival from plan to payment to commit on a network of its own, with one command. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { readPlan } from "../lib/agent/plan-source.ts";
import type { NoiseSetup } from "../lib/agent/setup/options.ts";
import { KINDS } from "../lib/agent/work/kinds.ts";
import { parseDurationMs } from "../lib/devnet/duration.ts";
import type { Plan } from "../lib/festival/plan/plan.ts";
import { describeError, FestError } from "../lib/hedera/error.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { connectRelay } from "../lib/mirror/relay.ts";
import { DEMO_NOISE, noiseFor } from "./setup/noise.ts";
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

const program = new Command("demo")
  .description(
    "Run a festival from plan to payment to commit on an embedded Hedera network, and show it on a page.",
  )
  .option("--once", "end after the first edition's commit")
  .option("--json", "print one JSON object a line on stdout, and nothing else")
  .option("--plan <folder>", "the festival to run", join(ROOT, "agents/plans/hbar-desk"))
  .option(
    "--port-base <port>",
    "devnet on five ports from here on, the page on the next; 0 takes free ones",
    portBase,
  )
  .option("--latency <duration>", "finality and mirror lag, such as 2s (like testnet)", latency)
  .option(
    "--data <folder>",
    "keep ledger and keys here and carry on from them; without, they end with the demo",
  )
  .option("--noise <seed>", "seed of the noise trader that moves the desk's price, or off", noise, DEMO_NOISE)
  .option("--no-site", "without the page")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse();

const options = program.opts<Options>();
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());

try {
  const plan = await readPlan(options.plan, KINDS);
  process.exit(await run(plan));
} catch (error) {
  console.error(`demo: ${describeError(error)}`);
  process.exit(1);
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

function portBase(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_520)
    throw new InvalidArgumentError("It is a port number, or 0.");
  return Number(text);
}

function noise(text: string): NoiseSetup | null {
  return noiseFor("devnet", text) ?? null;
}

function latency(text: string): string {
  try {
    parseDurationMs(text);
    return text;
  } catch (error) {
    throw error instanceof FestError ? new InvalidArgumentError(error.message) : error;
  }
}
