/** Hosts a festival for an end-to-end test: its own devnet on free ports, real processes, its own folder. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readPlanFolder } from "../../lib/agent/plan-folder.ts";
import { KINDS } from "../../lib/agent/work/kinds.ts";
import { type Host, type HostOptions, startHost } from "../support/host.ts";
import { entriesOf, type RawEntry } from "./rest.ts";

/** The plan that the demo runs. */
export const PLAN = resolve(import.meta.dir, "../../agents/plans/hbar-desk");

/** A hosted festival, and what its processes said. */
export interface Stage extends Host {
  readonly mirror: string;
  readonly log: string;
  readonly said: readonly string[];
  /** Reads the log until an entry satisfies `wanted`, and returns all entries up to now. */
  until(wanted: (entry: RawEntry) => boolean): Promise<readonly RawEntry[]>;
}

/** How often an awaiting test looks. */
const LOOK_MS = 40;
/** A test waits no longer than this for an entry. */
const PATIENCE_MS = 100_000;

/** Starts it; `stop()` ends everything and removes its folder. */
export async function openStage(options: Partial<HostOptions> = {}): Promise<Stage> {
  const planFolder = options.planFolder ?? PLAN;
  const plan = await readPlanFolder(planFolder, KINDS);
  const folder = await mkdtemp(join(tmpdir(), "fest-e2e-"));
  const said: string[] = [];
  const host = await startHost({
    planFolder,
    plan,
    folder,
    portBase: 0,
    logLevel: "warn",
    onLine: (line) => said.push(line),
    ...options,
  });
  const { mirror } = host.network;
  const { log } = host.festival;
  return {
    ...host,
    mirror,
    log,
    said,
    until: (wanted) => until(mirror, log, wanted, said),
    stop: async () => {
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function until(
  mirror: string,
  log: string,
  wanted: (entry: RawEntry) => boolean,
  said: readonly string[],
): Promise<readonly RawEntry[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const entries = await entriesOf(mirror, log);
    if (entries.some(wanted)) return entries;
    if (Date.now() > deadline) {
      const last = entries
        .slice(-5)
        .map(({ sequence, type, task_id }) => `${sequence} ${type} ${task_id ?? ""}`);
      throw new Error(
        `the entry never came; last: ${last.join(", ")}; agents said: ${said.slice(-10).join("\n")}`,
      );
    }
    await Bun.sleep(LOOK_MS);
  }
}
