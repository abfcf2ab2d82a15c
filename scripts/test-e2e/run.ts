/** The whole way of a festival on a network that runs already: set-up, one edition, its audit, teardown. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readPlanFolder } from "../../lib/agent/plan-folder.ts";
import { Deployment } from "../../lib/agent/setup/deployment.ts";
import { type Endowment, endowmentFor } from "../../lib/agent/setup/endowment.ts";
import type { Festival } from "../../lib/agent/setup/options.ts";
import { priceNow } from "../../lib/agent/setup/price.ts";
import { setUp } from "../../lib/agent/setup/setup.ts";
import { estateOf, tearDown } from "../../lib/agent/setup/teardown.ts";
import { readStatus } from "../../lib/agent/status.ts";
import { KINDS } from "../../lib/agent/work/kinds.ts";
import { formatHbar, TINYBARS_PER_HBAR, type Tinybar } from "../../lib/hedera/amount.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { fromMillis } from "../../lib/hedera/timestamp.ts";
import { type Ledger, openLedger } from "../../lib/ledger/client.ts";
import type { LedgerConfig } from "../../lib/ledger/config.ts";
import { createMirror, type Mirror } from "../../lib/mirror/client.ts";
import { connectRelay } from "../../lib/mirror/relay.ts";
import { createWake } from "../../lib/mirror/wake.ts";
import { copyPlan } from "../support/plan-copy.ts";
import type { Supervisor } from "../support/supervisor.ts";
import { watchLog } from "../support/watch.ts";
import { startAgents } from "./agents.ts";
import type { Checklist } from "./checklist.ts";

/** What is tested, and how long it may take. */
export interface RunOptions {
  readonly operator: LedgerConfig;
  /** Keys and record of this test, kept until its teardown is whole. */
  readonly folder: string;
  /** Seconds for everything, teardown included. */
  readonly limitSeconds: number;
  readonly signal: AbortSignal;
  /** Gets what the agents log. */
  readonly onLine: (line: string) => void;
}

const ROOT = resolve(import.meta.dir, "../..");
const PLAN = join(ROOT, "agents/plans/hbar-desk");
/** Less than this in an account, and a fee that rises stops an agent in the middle. */
const LEAST: Tinybar = 10n * TINYBARS_PER_HBAR;
const RETRIES = 2;
/** Kept for stopping the agents and for teardown. */
const TEARDOWN_SECONDS = 70;

/** As on a public network, whichever it is; a heartbeat must come within the time. */
const ENDOWMENT: Endowment = { ...endowmentFor("testnet"), heartbeatSeconds: 20 };

/** Runs the test, check by check. */
export async function runOn(options: RunOptions, list: Checklist): Promise<void> {
  const { operator: config, folder, limitSeconds, signal } = options;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout((limitSeconds - TEARDOWN_SECONDS) * 1_000)]);
  const operator = openLedger(config);
  const mirror = createMirror({ baseUrl: config.network.mirror });
  const plans = await mkdtemp(join(tmpdir(), "fest-e2e-plan-"));
  const planFolder = join(plans, "plan");
  await copyPlan(PLAN, planFolder, { everySeconds: 86_400 });
  const test = new NetworkTest({ ...options, operator, mirror, planFolder, signal: deadline });
  try {
    const { name } = config.network;
    const setup = `bun run doctor --env ${folder}`;
    await list.step("leftovers", "bun run test:e2e", () => test.clearLeftovers(), { retries: RETRIES });
    await list.step("funds", `bun run test:e2e --network ${name}`, () => test.needFunds());
    await list.step("setup", setup, () => test.setUp(), { retries: RETRIES });
    await list.step("endowments", setup, () => test.needEndowments(), { retries: RETRIES });
    await list.step("edition", "bun run status", () => test.runEdition());
    await list.step("heartbeats", "bun run status", () => test.needHeartbeats());
    await list.step("audit", "bun run verify", () => test.audit(), { retries: RETRIES });
    await test.stopAgents();
    await list.step("teardown", `bun run teardown --out ${folder}`, () => test.tearDown(), {
      retries: RETRIES,
      always: true,
    });
  } finally {
    await test.stopAgents();
    operator.close();
    await rm(plans, { recursive: true, force: true });
  }
}

interface TestOptions extends Omit<RunOptions, "operator"> {
  readonly operator: Ledger;
  readonly mirror: Mirror;
  readonly planFolder: string;
}

class NetworkTest {
  readonly #options: TestOptions;
  #deployment: Deployment | null = null;
  #festival: Festival | null = null;
  #agents: Supervisor | null = null;
  #had: Tinybar = 0n;

  constructor(options: TestOptions) {
    this.#options = options;
  }

  /** What a run that died has left is taken back first. */
  async clearLeftovers(): Promise<string> {
    const { folder } = this.#options;
    if (!existsSync(join(folder, "deployment.json"))) return "nothing was left by an earlier run";
    const said = await this.tearDown();
    return `of an earlier run: ${said}`;
  }

  async needFunds(): Promise<string> {
    const { operator, mirror } = this.#options;
    const { total } = await priceNow({ operator, endowment: ENDOWMENT });
    this.#had = (await mirror.account(operator.account))?.balance ?? 0n;
    const has = `${operator.account} has ${formatHbar(this.#had)} HBAR, the test holds ${formatHbar(total)} for a while`;
    if (this.#had >= total) return has;
    throw new FestError("OPERATOR_POOR", has, {
      fix: "Fill it up; testnet's faucet is at portal.hedera.com.",
    });
  }

  async setUp(): Promise<string> {
    const { operator, folder, planFolder } = this.#options;
    this.#deployment ??= await Deployment.open(folder, operator.network.name);
    const { id, name } = await readPlanFolder(planFolder, KINDS);
    this.#festival = await setUp({
      operator,
      deployment: this.#deployment,
      endowment: ENDOWMENT,
      festival: { id, name },
    });
    return `log ${this.#festival.log}, vitals ${this.#festival.vitals}`;
  }

  /** Asks until the mirror node shows every account. */
  async needEndowments(): Promise<string> {
    const { mirror, signal } = this.#options;
    const { accounts } = this.#need();
    for (;;) {
      const found = await Promise.all(
        Object.entries(accounts).map(async ([name, id]) => ({ name, id, account: await mirror.account(id) })),
      );
      if (found.some(({ account }) => account === null)) {
        await this.#pause();
        continue;
      }
      const poor = found.filter(({ account }) => (account?.balance ?? 0n) < LEAST);
      if (poor.length === 0) return `each of ${found.length} accounts has at least ${formatHbar(LEAST)} HBAR`;
      const said = poor.map(
        ({ name, id, account }) => `${name} ${id} has ${formatHbar(account?.balance ?? 0n)}`,
      );
      signal.throwIfAborted();
      throw new FestError("ACCOUNT_POOR", `less than ${formatHbar(LEAST)} HBAR: ${said.join(", ")}`);
    }
  }

  async runEdition(): Promise<string> {
    const { operator, mirror, planFolder, onLine, signal } = this.#options;
    const festival = this.#need();
    const { network } = operator;
    const deployment = await Deployment.open(this.#options.folder, network.name);
    this.#agents = startAgents({ network, deployment, festival, planFolder, onLine });
    const relay = network.relayWs === null ? null : connectRelay({ url: network.relayWs });
    let seen = "nothing was said on the log";
    try {
      const watched = watchLog({ mirror, log: festival.log, wake: relay ?? createWake(), signal });
      for await (const { after } of watched) {
        const tasks = [...(after.edition?.tasks.values() ?? [])];
        const count = (state: string) => tasks.filter((task) => task.state === state).length;
        seen = `${count("paid")} of ${after.edition?.taskCount ?? 0} tasks paid, ${count("failed")} failed, ${after.head?.sequence} entries`;
        if (after.commits === 0) continue;
        if (count("failed") === 0) return seen;
        throw new FestError("TASK_FAILED", seen);
      }
      throw new FestError("EDITION_SLOW", `the edition was not committed in time: ${seen}`);
    } finally {
      relay?.close();
    }
  }

  async needHeartbeats(): Promise<string> {
    const { mirror } = this.#options;
    for (;;) {
      const { agents } = await readStatus(mirror, this.#need().log, fromMillis(Date.now()));
      const silent = agents.filter(({ heartbeat }) => heartbeat === null).map(({ agent }) => agent);
      if (silent.length === 0) return `all ${agents.length} agents were heard`;
      if (this.#options.signal.aborted)
        throw new FestError("AGENT_SILENT", `never heard: ${silent.join(", ")}`);
      await this.#pause();
    }
  }

  /** `bun run verify`, as any stranger runs it. */
  async audit(): Promise<string> {
    const { log } = this.#need();
    const { baseUrl } = this.#options.mirror;
    const argv = [
      process.execPath,
      join(ROOT, "scripts/verify.ts"),
      "--mirror",
      baseUrl,
      "--log",
      log,
      "--json",
    ];
    const child = Bun.spawn(argv, {
      env: { PATH: process.env.PATH ?? "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err] = [new Response(child.stdout).text(), new Response(child.stderr).text()];
    if ((await child.exited) === 0) return "verify finds nothing wrong";
    throw new FestError("VERIFY_FAILED", `verify: ${(await out).trim().slice(-600) || (await err).trim()}`);
  }

  async stopAgents(): Promise<void> {
    await this.#agents?.stop();
    this.#agents = null;
  }

  async tearDown(): Promise<string> {
    const { operator, mirror, folder } = this.#options;
    const deployment = await Deployment.open(folder, operator.network.name);
    const { total, accounts } = await estateOf(mirror, deployment);
    const remnants = await tearDown({ operator, deployment, mirror });
    if (remnants.length > 0) {
      const left = remnants.map(({ what, status }) => `${what}: ${status}`);
      throw new FestError("REMNANTS", `could not ${left.join("; ")}`);
    }
    await rm(folder, { recursive: true, force: true });
    return `${formatHbar(total)} HBAR of ${accounts.length} accounts went back to ${operator.account}`;
  }

  #need(): Festival {
    if (this.#festival === null) throw new FestError("NOT_SET_UP", "nothing was set up");
    return this.#festival;
  }

  async #pause(): Promise<void> {
    this.#options.signal.throwIfAborted();
    await this.#options.mirror.clock.sleep(500, this.#options.signal);
  }
}
