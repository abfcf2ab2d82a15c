/** A whole festival on this machine: devnet, set-up, agents as processes of their own. */
import { join, resolve } from "node:path";
import { AGENTS, Deployment } from "../../lib/agent/setup/deployment.ts";
import { endowmentFor } from "../../lib/agent/setup/endowment.ts";
import { environmentOf, writeEnvironments } from "../../lib/agent/setup/environment.ts";
import { type Festival, setUp } from "../../lib/agent/setup/setup.ts";
import type { Plan } from "../../lib/festival/plan/plan.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { openLedger } from "../../lib/ledger/client.ts";
import { type DevnetProcess, startDevnetProcess } from "./devnet-process.ts";
import { type Command, Supervisor } from "./supervisor.ts";

const ROOT = resolve(import.meta.dir, "../..");

/** The roles that are processes. */
export const ROLES = ["coordinator", "inference", "defi", "desk"] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** What to host. */
export interface HostOptions {
  readonly planFolder: string;
  readonly plan: Pick<Plan, "id" | "name">;
  /** Where keys, environments and (with `keepLedger`) the ledger live. */
  readonly folder: string;
  readonly keepLedger?: boolean;
  readonly portBase?: number | undefined;
  readonly latency?: string | undefined;
  /** First of the agents' health ports; absent: no health endpoints. */
  readonly healthBase?: number;
  readonly logLevel?: string;
  readonly gitCommit?: string | null;
  /** Another script for a role, for tests. */
  readonly scripts?: Partial<Record<Role, string>>;
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
  /** Stops the agents, then the network. */
  stop(): Promise<void>;
}

/** Starts it all; what it started is stopped again if anything fails. @throws FestError */
export async function startHost(options: HostOptions): Promise<Host> {
  const { onStep, folder } = options;
  onStep?.("start devnet");
  const devnet = await startDevnetProcess({
    portBase: options.portBase,
    latency: options.latency,
    data: options.keepLedger === true ? join(folder, "devnet") : undefined,
  });
  const agents = new Supervisor(options.onFailure ?? (() => undefined));
  const stop = async () => {
    await agents.stop();
    await devnet.stop();
  };
  try {
    const deployment = await Deployment.open(join(folder, "deployment"), "devnet");
    const festival = await prepare(options, devnet, deployment);
    for (const command of commandsOf(options, devnet.network, deployment, festival)) agents.start(command);
    return { devnet, network: devnet.network, festival, deployment, agents, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(
  options: HostOptions,
  devnet: DevnetProcess,
  deployment: Deployment,
): Promise<Festival> {
  const { network, operator: owner } = devnet;
  const operator = openLedger({
    network,
    account: owner.accountId,
    key: { type: "ED25519", hex: owner.privateKey },
  });
  try {
    const { id, name } = options.plan;
    const endowment = endowmentFor("devnet");
    const onStep = options.onStep ? { onStep: options.onStep } : {};
    const festival = await setUp({ operator, deployment, endowment, festival: { id, name }, ...onStep });
    await writeEnvironments(network, deployment, festival);
    return festival;
  } finally {
    operator.close();
  }
}

/** One process a role, each with its own account and key and nothing else's. */
function commandsOf(
  options: HostOptions,
  network: Network,
  deployment: Deployment,
  festival: Festival,
): readonly Command[] {
  return ROLES.map((role, index) => ({
    name: AGENTS[role],
    argv: [process.execPath, options.scripts?.[role] ?? join(ROOT, "agents", `${role}.ts`)],
    env: {
      ...environmentOf(role, network, deployment, festival),
      FEST_LOG_LEVEL: options.logLevel ?? "info",
      ...(role === "coordinator" ? { FEST_PLAN: resolve(options.planFolder) } : {}),
      ...(role === "coordinator" && options.gitCommit ? { FEST_GIT_COMMIT: options.gitCommit } : {}),
      ...(options.healthBase === undefined ? {} : { FEST_HEALTH_PORT: String(options.healthBase + index) }),
    },
    ...(options.onLine ? { onLine: options.onLine } : {}),
  }));
}
