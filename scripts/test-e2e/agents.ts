/** The agents of a festival as processes of their own. */
import { join, resolve } from "node:path";
import type { Deployment } from "../../lib/agent/setup/deployment.ts";
import { environmentOf } from "../../lib/agent/setup/environment.ts";
import type { Festival } from "../../lib/agent/setup/options.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { ROLES } from "../support/crew.ts";
import { Supervisor } from "../support/supervisor.ts";

const ROOT = resolve(import.meta.dir, "../..");

/** What they are started with. */
export interface AgentsOptions {
  readonly network: Network;
  readonly deployment: Deployment;
  readonly festival: Festival;
  readonly planFolder: string;
  /** Gets what they log, line by line. */
  readonly onLine: (line: string) => void;
}

/** Starts one process a role. */
export function startAgents(options: AgentsOptions): Supervisor {
  const { network, deployment, festival, planFolder, onLine } = options;
  const agents = new Supervisor((name, problem) => onLine(`${name} ${problem}`));
  for (const role of ROLES) {
    const plan = role === "coordinator" ? { FEST_PLAN: resolve(planFolder) } : {};
    agents.start({
      name: role,
      argv: [process.execPath, join(ROOT, "agents", `${role}.ts`)],
      env: { ...environmentOf(role, network, deployment, festival), FEST_LOG_LEVEL: "warn", ...plan },
      onLine,
    });
  }
  return agents;
}
