import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPlanFolder } from "../../lib/agent/plan-folder.ts";
import { AGENTS } from "../../lib/agent/setup/deployment.ts";
import { readStatus } from "../../lib/agent/status.ts";
import { KINDS } from "../../lib/agent/work/kinds.ts";
import { decode } from "../../lib/festival/entry/decode.ts";
import { agentOf } from "../../lib/festival/roles.ts";
import type { State } from "../../lib/festival/state.ts";
import { fromMillis, type Timestamp } from "../../lib/hedera/timestamp.ts";
import { createMirror, type Mirror } from "../../lib/mirror/client.ts";
import { itemsFrom } from "../../lib/mirror/page.ts";
import { connectRelay } from "../../lib/mirror/relay.ts";
import { auditFestival } from "../support/audit.ts";
import { type Host, startHost } from "../support/host.ts";
import { copyPlan } from "../support/plan-copy.ts";
import { hashOf } from "../support/site.ts";
import { watchLog } from "../support/watch.ts";
import { Complaints } from "./complaints.ts";
import { growthOf } from "./growth.ts";
import { rhythmOf } from "./heartbeats.ts";
import { PageWatch } from "./page.ts";
import { type ProcessSample, sampleProcess } from "./process-sample.ts";
import type { AgentFigures, Moment, SoakFigures } from "./report.ts";
import { stepsOf } from "./steps.ts";

/** How to soak. */
export interface SoakOptions {
  readonly minutes: number;
  readonly planFolder: string;
  /** Seconds from one edition's commit to the next edition. */
  readonly everySeconds: number;
  readonly latency: string | undefined;
  /** Whether a browser shows the dashboard all the time. */
  readonly page: boolean;
  readonly say: (line: string) => void;
  /** Ends it early; it is reported as far as it came. */
  readonly signal: AbortSignal;
}

/** How often the processes are looked at. */
const LOOK_MS = 5_000;
/** How often it is said how it goes. */
const SAY_EVERY = 12;

/** Runs a festival with one edition after another, watches it from outside, and says what it saw. @throws FestError */
export async function soak(options: SoakOptions): Promise<SoakFigures> {
  const folder = await mkdtemp(join(tmpdir(), "fest-soak-"));
  const complaints = new Complaints();
  const restarts = new Map<string, number>();
  try {
    const planFolder = join(folder, "plan");
    await copyPlan(options.planFolder, planFolder, { everySeconds: options.everySeconds });
    const host = await startHost({
      planFolder,
      plan: await readPlanFolder(planFolder, KINDS),
      folder,
      keepLedger: true,
      portBase: 0,
      latency: options.latency,
      logLevel: "warn",
      onStep: options.say,
      onLine: (line) => complaints.add(line),
      onFailure: (name, problem) => {
        restarts.set(name, (restarts.get(name) ?? 0) + 1);
        options.say(`${name} ${problem}`);
      },
    });
    try {
      return await watch(options, host, complaints, restarts);
    } finally {
      await host.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function watch(
  options: SoakOptions,
  host: Host,
  complaints: Complaints,
  restarts: ReadonlyMap<string, number>,
): Promise<SoakFigures> {
  const { log, vitals, token, accounts } = host.festival;
  const mirror = createMirror({ baseUrl: host.network.mirror });
  const relay = connectRelay({ url: host.network.relayWs ?? "" });
  const ended = new AbortController();
  const progress = new Progress();
  const watching = progress.follow(mirror, relay, host, ended.signal);
  const from = fromMillis(Date.now());
  const pids = host.agents.pids;
  const page = options.page ? await PageWatch.open(hashOf(host)) : null;
  const moments = await look(options, host, progress, page);
  const until = fromMillis(Date.now());
  const pageFigures = (await page?.close()) ?? null;
  ended.abort();
  await watching;
  relay.close();
  options.say("read the log and compare");
  const status = await readStatus(mirror, log, until);
  const beats = await heartbeatsOf(mirror, vitals, status.state);
  const audit = await auditFestival(mirror, { log, token, payer: accounts.coordinator });
  const interval = status.state.manifest?.heartbeat_seconds ?? 0;
  const agents = Object.values(AGENTS).map((agent): AgentFigures => {
    const samples = moments.flatMap(({ processes }) => processes[agent] ?? []);
    return {
      agent,
      alive:
        status.agents.find((one) => one.agent === agent)?.state === "alive" &&
        host.agents.pids[agent] === pids[agent],
      restarts: restarts.get(agent) ?? 0,
      ...rhythmOf(beats.get(agent) ?? [], interval, from, until),
      ...figuresOf(samples),
    };
  });
  return {
    minutes: Number((until - from) / 60_000_000n) / 1_000,
    latency: options.latency ?? "0ms",
    heartbeat_seconds: interval,
    editions: audit.state.commits,
    entries: audit.state.head?.sequence ?? 0,
    counts: audit.state.counts,
    tasks: audit.tasks,
    payments: audit.payments,
    transfers: audit.transfers,
    unmatched: audit.unmatched.length,
    paid_twice: audit.paidTwice.length,
    units_paid: audit.paid.toString(),
    units_moved: audit.moved.toString(),
    hbar_conserved: audit.hbarConserved,
    tokens_conserved: audit.tokensConserved,
    warnings: complaints.count("warn"),
    errors: complaints.count("error"),
    other_lines: complaints.count("other"),
    complaints: complaints.all.slice(0, 20),
    agents,
    devnet: figuresOf(moments.flatMap(({ processes }) => processes.devnet ?? [])),
    page: pageFigures,
    steps: stepsOf(moments),
    moments: moments.filter((_, index) => index % SAY_EVERY === SAY_EVERY - 1),
  };
}

/** Looks at every process and the page again and again until the time is over. */
async function look(
  options: SoakOptions,
  host: Host,
  progress: Progress,
  page: PageWatch | null,
): Promise<readonly Moment[]> {
  const moments: Moment[] = [];
  const begun = performance.now();
  const end = begun + options.minutes * 60_000;
  while (!options.signal.aborted && performance.now() < end) {
    await nextLook(options.signal);
    const processes: Record<string, ProcessSample> = {};
    for (const [name, pid] of Object.entries({ ...host.agents.pids, devnet: host.devnet.pid })) {
      const sample = sampleProcess(pid);
      if (sample !== null) processes[name] = sample;
    }
    const moment = { seconds: Math.round((performance.now() - begun) / 1_000), ...progress.now, processes };
    moments.push(moment);
    await page?.look(progress.now.entries);
    if (moments.length % SAY_EVERY === 0) options.say(describe(moment));
  }
  return moments;
}

function nextLook(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LOOK_MS);
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}

/** What the log says so far, folded as it grows. */
class Progress {
  now = { entries: 0, editions: 0, paid: 0 };

  async follow(
    mirror: Mirror,
    wake: ReturnType<typeof connectRelay>,
    { festival }: Host,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const { before, after } of watchLog({ mirror, log: festival.log, wake, signal })) {
      const payments = (state: State) => state.edition?.payments ?? 0;
      const sameEdition = before.edition?.number === after.edition?.number;
      const more = payments(after) - (sameEdition ? payments(before) : 0);
      this.now = {
        entries: after.head?.sequence ?? 0,
        editions: after.commits,
        paid: this.now.paid + more,
      };
    }
  }
}

async function heartbeatsOf(
  mirror: Mirror,
  vitals: Host["festival"]["vitals"],
  state: State,
): Promise<ReadonlyMap<string, readonly Timestamp[]>> {
  const beats = new Map<string, Timestamp[]>();
  const first = await mirror.topicMessages({ topic: vitals, limit: 100, order: "asc" });
  for await (const message of itemsFrom(first)) {
    const decoded = decode(message);
    if (decoded.kind !== "entry" || decoded.entry.name !== "heartbeat") continue;
    const { agent_id: agent } = decoded.entry.body.payload;
    if (agentOf(state, agent)?.account !== message.payer) continue;
    beats.set(agent, [...(beats.get(agent) ?? []), message.timestamp]);
  }
  return beats;
}

function figuresOf(samples: readonly ProcessSample[]) {
  return {
    rss_mb: growthOf(samples.map(({ rssMb }) => rssMb)),
    fds: growthOf(samples.map(({ fds }) => fds)),
  };
}

function describe({ seconds, entries, editions, paid, processes }: Moment): string {
  const memory = Object.entries(processes).map(
    ([name, { rssMb, fds }]) => `${name} ${rssMb.toFixed(0)} MB ${fds} fds`,
  );
  const minutes = Math.round(seconds / 60);
  return `${minutes} min: ${entries} entries, ${editions} editions, ${paid} paid; ${memory.join(", ")}`;
}
