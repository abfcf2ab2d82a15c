import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FestError } from "../../lib/hedera/error.ts";
import { need } from "./command.ts";
import { systemctl, type UnitState, unitState, unitStates } from "./systemctl.ts";
import { standInOf } from "./units.ts";

/** What to put in the place of what runs. */
export interface SwitchOptions {
  /** Folder of the release. */
  readonly release: string;
  /** The link by which units name it. */
  readonly link: string;
  /** Text of `fest-agent@.service`, as installed. */
  readonly agentUnit: string;
  /** The instances that this host runs. */
  readonly instances: readonly string[];
  /** All at once, which is quicker, instead of one after the other, which shows a bad release before it is everywhere. */
  readonly together: boolean;
  readonly onStep: (step: string) => void;
}

/** How long an agent may take until it is ready: to fold the log and to be taken by the network. */
const READY_MS = 120_000;
const LOOK_MS = 100;
const STAND_IN = "/run/systemd/system/fest-standin@.service";
const UMBRELLA = "fest-agents.service";

/** Starts every agent of this host, and waits until they are ready. @throws FestError `AGENT_NOT_READY` */
export async function startAgents({ instances, onStep }: SwitchOptions): Promise<void> {
  onStep("start the agents");
  await systemctl("reset-failed", "fest-agent@*.service", UMBRELLA).catch(() => undefined);
  await systemctl("enable", "--quiet", UMBRELLA, ...instances.map(unitOf));
  await systemctl("start", "--no-block", UMBRELLA);
  for (const name of instances) await ready(unitOf(name));
}

/**
 * Replaces the agents. While one is replaced, a copy of it from the new release
 * stands in: two copies do no harm, so the work never stops.
 *
 * @throws FestError `AGENT_NOT_READY`; what was replaced by then stays so
 */
export async function replaceAgents(options: SwitchOptions): Promise<void> {
  const { release, link, agentUnit, instances, together, onStep } = options;
  await mkdir(dirname(STAND_IN), { recursive: true });
  await writeFile(STAND_IN, standInOf(agentUnit, release, link));
  await systemctl("daemon-reload");
  if (together) {
    onStep(`replace ${instances.join(", ")}`);
    const all = await Promise.allSettled(instances.map(replaceAgent));
    for (const one of all) if (one.status === "rejected") throw one.reason;
  } else {
    for (const name of instances) {
      onStep(`replace ${name}`);
      await replaceAgent(name);
    }
  }
  await refresh();
}

async function replaceAgent(name: string): Promise<void> {
  const unit = unitOf(name);
  const standIn = `fest-standin@${name}.service`;
  try {
    if ((await unitState(unit)).active === "active") {
      await systemctl("start", "--no-block", standIn);
      await ready(standIn);
    }
    await systemctl("reset-failed", unit).catch(() => undefined);
    await systemctl("restart", "--no-block", unit);
    await ready(unit);
  } finally {
    await systemctl("stop", standIn).catch(() => undefined);
  }
}

/** Whether any agent of this host runs, or would if it could. */
export async function agentsRun(): Promise<boolean> {
  const states = await unitStates("fest-agent@*.service");
  return states.some(({ active }) => active !== "inactive");
}

/** The releases that processes of the units run from, by their working folder. */
export async function releasesInUse(): Promise<ReadonlySet<string>> {
  const states = await unitStates("fest-*.service");
  const folders = states
    .filter(({ pid }) => pid > 0)
    .map(({ pid }) => need(["readlink", "-f", `/proc/${pid}/cwd`]).catch(() => ""));
  return new Set((await Promise.all(folders)).map((folder) => folder.trim().split("/").at(-1) ?? ""));
}

/** Restarts what only looks on, without the agents that hang on it. */
async function refresh(): Promise<void> {
  for (const unit of [UMBRELLA, "fest-dashboard.service", "fest-mcp.service"]) {
    if ((await unitState(unit)).active !== "active") continue;
    await systemctl("restart", "--no-block", "--job-mode=ignore-dependencies", unit).catch(() => undefined);
  }
}

async function ready(unit: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  let state: UnitState = await unitState(unit);
  while (state.active !== "active" || state.busy) {
    if (state.active === "failed" || Date.now() > deadline) {
      const words = state.status || state.result;
      throw new FestError("AGENT_NOT_READY", `${unit} is ${state.active}: ${words}`, {
        fix: `See journalctl -u ${unit} -n 50.`,
      });
    }
    await Bun.sleep(LOOK_MS);
    state = await unitState(unit);
  }
}

function unitOf(instance: string): string {
  return `fest-agent@${instance}.service`;
}
