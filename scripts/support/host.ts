/** A whole festival on this machine: devnet, set-up, agents as processes of their own. */
import { join, resolve } from "node:path";
import { AGENTS, Deployment } from "../../lib/agent/setup/deployment.ts";
import { type Endowment, endowmentFor } from "../../lib/agent/setup/endowment.ts";
import { environmentOf, writeEnvironments } from "../../lib/agent/setup/environment.ts";
import type { Festival, NoiseSetup } from "../../lib/agent/setup/options.ts";
import { setUp } from "../../lib/agent/setup/setup.ts";
import type { Plan } from "../../lib/festival/plan/plan.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { openLedger } from "../../lib/ledger/client.ts";
import { DEMO_NOISE } from "../setup/noise.ts";
import { Crew, type Member } from "./crew.ts";
import { type DevnetProcess, startDevnetProcess } from "./devnet-process.ts";
import { type Command, Supervisor } from "./supervisor.ts";

const ROOT = resolve(import.meta.dir, "../..");

/** What to host. */
export interface HostOptions {
  readonly planFolder: string;
  readonly plan: Pick<Plan, "id" | "name">;
  /** Where keys, environments and (with `keepLedger`) the ledger live. */
  readonly folder: string;
  readonly keepLedger?: boolean;
  readonly portBase?: number | undefined;
  readonly latency?: string | undefined;
  /** A network that runs already and is left running; absent: one of the host's own. */
  readonly devnet?: DevnetProcess;
  /** The noise trader; absent: the published one of {@link DEMO_NOISE}; null: none. */
  readonly noise?: NoiseSetup | null;
  /** What the accounts are given, where it is not what devnet's usually are. */
  readonly endowment?: Partial<Endowment>;
  /** Agents that play a role besides those that set-up makes: `{ inference: ["inference-002"] }`. */
  readonly more?: { readonly inference?: readonly string[]; readonly defi?: readonly string[] };
  /** How many copies of the coordinator run at once, on one account and key; default 1. */
  readonly coordinators?: number;
  /** First of the agents' health ports; absent: no health endpoints. */
  readonly healthBase?: number;
  readonly logLevel?: string;
  readonly gitCommit?: string | null;
  /** Another script for an agent, by its name, for tests. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** More of an agent's environment, by its name. */
  readonly env?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What an agent is told that its network is, for tests that put something between. */
  readonly between?: (agent: string, network: Network) => Network;
  /** What is added to a process's environment at its n-th start, from 0, for tests. */
  readonly envOfStart?: (processName: string, start: number) => Readonly<Record<string, string>>;
  readonly onStep?: (step: string) => void;
  readonly onLine?: (line: string) => void;
  readonly onFailure?: (name: string, problem: string) => void;
}

/** A festival that is running. */
export interface Host {
  readonly devnet: DevnetProcess;
  readonly network: Network;
  readonly festival: Festival;
  readonly deployment: Deployment;
  readonly agents: Supervisor;
  readonly crew: Crew;
  /** Starts a member's process, under its own name or, for a copy, another. */
  run(member: Member, processName?: string): void;
  /** Stops the agents, then the network if it is the host's own. */
  stop(): Promise<void>;
}

/** Starts it all; what it started is stopped again if anything fails. @throws FestError */
export async function startHost(options: HostOptions): Promise<Host> {
  const { onStep, folder } = options;
  if (options.devnet === undefined) onStep?.("start devnet");
  const devnet = options.devnet ?? (await startOwnDevnet(options));
  const agents = new Supervisor(options.onFailure ?? (() => undefined));
  const closers: (() => unknown)[] = [];
  const stop = async () => {
    await agents.stop();
    for (const close of closers) close();
    if (options.devnet === undefined) await devnet.stop();
  };
  try {
    const deployment = await Deployment.open(join(folder, "deployment"), "devnet");
    const endowment = { ...endowmentFor("devnet"), ...options.endowment };
    const festival = await prepare(options, devnet, deployment, endowment);
    const { network } = devnet;
    const crew = new Crew({
      network,
      deployment,
      festival,
      endowment,
      plan: options.plan,
      noise: noiseOf(options),
    });
    closers.push(() => crew.close());
    for (const role of ["inference", "defi"] as const) {
      const more = options.more?.[role] ?? [];
      if (more.length > 0) await crew.add(role, ...more);
    }
    let started = 0;
    const run = (member: Member, processName = member.agent) => {
      const hosted = { network, deployment, festival, crew };
      agents.start(commandOf(options, hosted, { member, processName, index: started }));
      started += 1;
    };
    for (const member of crew.members) run(member);
    for (let copy = 2; copy <= (options.coordinators ?? 1); copy++) {
      run(crew.member(AGENTS.coordinator), `${AGENTS.coordinator} ${copy}`);
    }
    return { devnet, network, festival, deployment, agents, crew, run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startOwnDevnet(options: HostOptions): Promise<DevnetProcess> {
  return startDevnetProcess({
    portBase: options.portBase,
    latency: options.latency,
    data: options.keepLedger === true ? join(options.folder, "devnet") : undefined,
  });
}

async function prepare(
  options: HostOptions,
  devnet: DevnetProcess,
  deployment: Deployment,
  endowment: Endowment,
): Promise<Festival> {
  const { network, operator: owner } = devnet;
  const operator = openLedger({
    network,
    account: owner.accountId,
    key: { type: "ED25519", hex: owner.privateKey },
  });
  try {
    const { id, name } = options.plan;
    const onStep = options.onStep ? { onStep: options.onStep } : {};
    const noise = noiseOf(options);
    const festival = await setUp({
      operator,
      deployment,
      endowment,
      festival: { id, name },
      noise,
      ...onStep,
    });
    await writeEnvironments(network, deployment, festival);
    return festival;
  } finally {
    operator.close();
  }
}

function noiseOf({ noise }: HostOptions): NoiseSetup | undefined {
  return noise === undefined ? DEMO_NOISE : (noise ?? undefined);
}

/** A member's process, with its own account and key and nobody else's. */
function commandOf(
  options: HostOptions,
  hosted: Pick<Host, "network" | "deployment" | "festival" | "crew">,
  { member, processName, index }: { member: Member; processName: string; index: number },
): Command {
  const { role, agent, account } = member;
  const { festival, deployment, crew } = hosted;
  const network = options.between?.(agent, hosted.network) ?? hosted.network;
  const ofSetup = festival.accounts[role] === account;
  const coordinator = {
    FEST_PLAN: resolve(options.planFolder),
    ...(options.gitCommit ? { FEST_GIT_COMMIT: options.gitCommit } : {}),
  };
  return {
    name: processName,
    argv: [process.execPath, options.scripts?.[agent] ?? join(ROOT, "agents", `${role}.ts`)],
    env: {
      ...environmentOf(role, network, deployment, festival),
      ...(ofSetup
        ? {}
        : {
            FEST_AGENT: agent,
            HEDERA_ACCOUNT_ID: account,
            HEDERA_KEY_TYPE: member.key.type,
            HEDERA_PRIVATE_KEY_FILE: resolve(crew.keyFileOf(member)),
          }),
      FEST_LOG_LEVEL: options.logLevel ?? "info",
      ...(role === "coordinator" ? coordinator : {}),
      ...(options.healthBase === undefined ? {} : { FEST_HEALTH_PORT: String(options.healthBase + index) }),
      ...options.env?.[agent],
    },
    ...(options.envOfStart ? { envOfStart: (start) => options.envOfStart?.(processName, start) ?? {} } : {}),
    ...(options.onLine ? { onLine: options.onLine } : {}),
  };
}
