/** Hosts a festival for an end-to-end test: its own devnet on free ports, real processes, its own folder. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readPlan } from "../../lib/agent/plan-source.ts";
import { KINDS } from "../../lib/agent/work/kinds.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { ONE_NOISE } from "../setup/noise.ts";
import { type Audit, auditFestival } from "../support/audit.ts";
import { type Host, type HostOptions, startHost } from "../support/host.ts";
import { copyPlan, type PlanChanges } from "../support/plan-copy.ts";
import { entriesOf, type RawEntry } from "./rest.ts";

/** The plan that the demo runs. */
export const PLAN = resolve(import.meta.dir, "../../agents/plans/hbar-desk");

/** A hosted festival, and what its processes said. */
export interface Stage extends Host {
  readonly mirror: string;
  readonly log: string;
  readonly said: readonly string[];
  /** Reads the log until an entry satisfies `wanted`, for `patienceMs` at most, and returns all entries up to now. */
  until(
    wanted: (entry: RawEntry, index: number, all: readonly RawEntry[]) => boolean,
    patienceMs?: number,
  ): Promise<readonly RawEntry[]>;
  /** Compares log and ledger, from the mirror node alone. */
  audit(): Promise<Audit>;
}

/** What a stage may be told besides what a host may. */
export interface StageOptions extends Partial<HostOptions> {
  /** What to change in a copy of the plan. */
  readonly planChanges?: PlanChanges;
}

/** How often an awaiting test looks. */
const LOOK_MS = 40;
/** A test waits no longer than this for an entry, unless it says so. */
const PATIENCE_MS = 100_000;

/** Starts it; `stop()` ends everything and removes its folder. */
export async function openStage({ planChanges, ...options }: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "fest-e2e-"));
  const original = options.planFolder ?? PLAN;
  const planFolder = planChanges === undefined ? original : join(folder, "plan");
  if (planChanges !== undefined) await copyPlan(original, planFolder, planChanges);
  const plan = await readPlan(planFolder, KINDS);
  const said: string[] = [];
  const host = await startHost({
    portBase: 0,
    logLevel: "warn",
    noise: ONE_NOISE,
    onLine: (line) => said.push(line),
    ...options,
    planFolder,
    plan,
    folder,
  });
  const { mirror } = host.network;
  const { log } = host.festival;
  return {
    ...host,
    mirror,
    log,
    said,
    until: (wanted, patienceMs = PATIENCE_MS) => until(mirror, log, wanted, { said, patienceMs }),
    audit: () => {
      const { token, accounts } = host.festival;
      const books = { log: host.festival.log, token, payer: accounts.coordinator };
      return auditFestival(createMirror({ baseUrl: mirror }), books);
    },
    stop: async () => {
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function until(
  mirror: string,
  log: string,
  wanted: Parameters<Stage["until"]>[0],
  { said, patienceMs }: { readonly said: readonly string[]; readonly patienceMs: number },
): Promise<readonly RawEntry[]> {
  const deadline = Date.now() + patienceMs;
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
