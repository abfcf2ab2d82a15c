import { endowmentFor } from "../../lib/agent/setup/endowment.ts";
import { describeError } from "../../lib/hedera/error.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { fromMillis, NANOS_PER_MILLI } from "../../lib/hedera/timestamp.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { type DevnetProcess, startDevnetProcess } from "../support/devnet-process.ts";
import { openProxy, type TcpProxy } from "../testing/proxy.ts";
import { openStage, type Stage } from "../testing/stage.ts";
import { Approver, LARGE } from "./approver.ts";
import { Random } from "./random.ts";
import type { SeedReport } from "./report.ts";
import type { SeedRange } from "./seeds.ts";
import { verify } from "./verify.ts";

/** How many steps of its effects an agent takes in an edition, roughly: where a crash may lie. */
const STEPS: Readonly<Record<string, number>> = {
  coordinator: 100,
  "inference-001": 30,
  "defi-001": 30,
  "desk-001": 6,
};
const AGENTS = Object.keys(STEPS);
/** A process is killed at most this often. */
const MOST_KILLS = 3;
/** A large payment may be asked for more than once before the owner signs it. */
const PATIENCE_MS = 240_000;
/** How long everybody is left alone after the commit. */
const AFTERMATH_MS = 300;

/** Plays seeds on real processes that end themselves with SIGKILL, one after the other. */
export async function playReal({ from, seeds, onSeed }: SeedRange): Promise<readonly SeedReport[]> {
  const reports: SeedReport[] = [];
  for (let seed = from; seed < from + seeds; seed++) {
    const report = await playSeed(seed);
    reports.push(report);
    onSeed?.(report);
  }
  return reports;
}

async function playSeed(seed: number): Promise<SeedReport> {
  const random = new Random(`${seed} real`);
  const schedule: string[] = [];
  const latency = random.pick("0ms", "50ms", "150ms");
  const devnet = await startDevnetProcess({ portBase: 0, latency });
  const cuts = await Cuts.open(devnet, random, schedule);
  let kills = 0;
  const crashes = crashPlan(random, schedule);
  const coordinators = random.pick(1, 1, 2);
  const approval = { ...LARGE, seconds: random.pick(20, 60) };
  let stage: Stage | null = null;
  let approver: Approver | null = null;
  try {
    stage = await openStage({
      devnet,
      coordinators,
      planChanges: { approval },
      between: (agent, network) => cuts.between(agent, network),
      envOfStart: (name, start) => crashes(name, start),
      onFailure: (name, problem) => {
        kills += 1;
        schedule.push(`${name} ${problem}`);
      },
    });
    cuts.begin();
    approver = new Approver(stage, random, schedule);
    const problems: string[] = [];
    await stage
      .until(({ type }) => type === "festival_commit", PATIENCE_MS)
      .catch((error) => {
        problems.push(describeError(error).slice(0, 300));
      });
    await approver.stop();
    await Bun.sleep(AFTERMATH_MS);
    const report = await reportOf(stage, seed, problems);
    kills += approver.kills;
    return {
      ...report,
      kills,
      faults: kills + cuts.count,
      ...(report.problems.length > 0 ? { schedule } : {}),
    };
  } finally {
    await approver?.stop();
    await stage?.stop();
    await cuts.stop();
    await devnet.stop();
  }
}

async function reportOf(stage: Stage, seed: number, problems: readonly string[]) {
  const { festival } = stage;
  const { log, token, accounts, noise } = festival;
  const found = await verify(createMirror({ baseUrl: stage.mirror }), {
    log,
    token,
    coordinator: accounts.coordinator,
    budget: endowmentFor("devnet").budget,
    treasury: accounts.owner,
    watched: fromMillis(Date.now()),
    accounts: [...Object.values(accounts), ...(noise === null ? [] : [noise])],
    mayBeRejected: () => false,
    mayWait: () => false,
  });
  const all = [...problems, ...found.problems];
  return {
    seed,
    problems: all,
    doublePayments: found.doublePayments,
    lostTasks: found.lostTasks,
    seconds: Number(found.duration / NANOS_PER_MILLI) / 1_000,
    ...(all.length > 0 ? { log: [...found.log], said: [...stage.said] } : {}),
  };
}

/** At which step of its effects each start of each process ends; later starts live. */
function crashPlan(random: Random, schedule: string[]) {
  const plan = new Map<string, readonly number[]>();
  for (const agent of [...AGENTS, "coordinator 2"]) {
    const steps = STEPS[agent] ?? STEPS.coordinator ?? 1;
    const deaths = Array.from({ length: random.between(0, MOST_KILLS) }, () => random.between(1, steps));
    plan.set(agent, deaths);
    schedule.push(`${agent} dies at its steps ${deaths.join(", ") || "none"}`);
  }
  return (name: string, start: number): Readonly<Record<string, string>> => {
    const step = plan.get(name)?.[start];
    return step === undefined ? {} : { FEST_CRASH_AT: String(step) };
  };
}

/** Cuts an agent off from node or mirror for a moment, now and then. */
class Cuts {
  readonly #victim: string;
  readonly #node: TcpProxy;
  readonly #mirror: TcpProxy;
  readonly #spells: readonly {
    readonly at: number;
    readonly end: number;
    readonly run: (on: boolean) => void;
  }[];
  readonly #timers: NodeJS.Timeout[] = [];

  private constructor(random: Random, schedule: string[], node: TcpProxy, mirror: TcpProxy) {
    this.#victim = random.pick("coordinator", ...AGENTS);
    this.#node = node;
    this.#mirror = mirror;
    this.#spells = Array.from({ length: random.between(0, 4) }, () => {
      const at = random.between(0, 3_000);
      const end = at + random.between(100, 1_500);
      const mode = random.pick("refuse", "stall");
      const which = random.pick("node", "mirror");
      const proxy = which === "node" ? node : mirror;
      schedule.push(`${this.#victim}'s ${which} is cut (${mode}) from ${at} to ${end} ms`);
      return { at, end, run: (on: boolean) => proxy.set(on ? mode : "pass") };
    });
  }

  static async open(devnet: DevnetProcess, random: Random, schedule: string[]): Promise<Cuts> {
    const [node] = devnet.network.nodes;
    const nodePort = Number(node?.address.split(":")[1]);
    const mirrorPort = Number(new URL(devnet.network.mirror).port);
    return new Cuts(random, schedule, await openProxy(nodePort), await openProxy(mirrorPort));
  }

  /** How many there are. */
  get count(): number {
    return this.#spells.length;
  }

  /** The network as an agent is told. */
  between(agent: string, network: Network): Network {
    if (agent !== this.#victim) return network;
    const nodes = network.nodes.map((node) => ({ ...node, address: `127.0.0.1:${this.#node.port}` }));
    return { ...network, nodes, mirror: `http://127.0.0.1:${this.#mirror.port}` };
  }

  begin(): void {
    for (const { at, end, run } of this.#spells) {
      this.#timers.push(
        setTimeout(() => run(true), at),
        setTimeout(() => run(false), end),
      );
    }
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all([this.#node.stop(), this.#mirror.stop()]);
  }
}
