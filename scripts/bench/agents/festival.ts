/** A hosted festival to measure: real processes on a devnet of its own, in a folder that goes with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPlanFolder } from "../../../lib/agent/plan-folder.ts";
import { KINDS } from "../../../lib/agent/work/kinds.ts";
import { decode } from "../../../lib/festival/entry/decode.ts";
import type { Entry } from "../../../lib/festival/entry/entry.ts";
import { fold } from "../../../lib/festival/fold.ts";
import { EMPTY_STATE } from "../../../lib/festival/state.ts";
import { createMirror, type Mirror } from "../../../lib/mirror/client.ts";
import { itemsFrom } from "../../../lib/mirror/page.ts";
import { type Host, type HostOptions, startHost } from "../../support/host.ts";

/** A festival that runs. */
export interface Measured {
  readonly host: Host;
  readonly mirror: Mirror;
  /** Every entry of the log that counts, by sequence number. */
  entries(): Promise<ReadonlyMap<number, Entry>>;
  /** Waits until so many editions are committed. @throws Error if an agent dies meanwhile */
  committed(editions: number): Promise<void>;
  stop(): Promise<void>;
}

const LOOK_MS = 200;

/** Starts the festival whose plan `prepare` writes into a folder. @throws FestError */
export async function startMeasured(
  prepare: (planFolder: string) => Promise<void>,
  options: Partial<HostOptions> = {},
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "fest-bench-"));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const deaths: string[] = [];
  try {
    const planFolder = join(folder, "plan");
    await prepare(planFolder);
    const plan = await readPlanFolder(planFolder, KINDS);
    const onFailure = (name: string, problem: string) => deaths.push(`${name} ${problem}`);
    const fixed = { planFolder, plan, folder, portBase: 0, logLevel: "error", onFailure };
    const host = await startHost({ ...options, ...fixed });
    const mirror = createMirror({ baseUrl: host.network.mirror });
    const { log } = host.festival;
    return {
      host,
      mirror,
      entries: () => entriesOf(mirror, log),
      committed: async (editions) => {
        const seen = { sequence: 0, commits: 0 };
        while (seen.commits < editions) {
          if (deaths.length > 0) throw new Error(deaths.join(", "));
          const after = seen.sequence === 0 ? {} : { sequenceAfter: seen.sequence };
          const query = { topic: log, ...after, limit: 100, order: "asc" } as const;
          for await (const message of itemsFrom(await mirror.topicMessages(query))) {
            seen.sequence = message.sequence;
            const decoded = decode(message);
            if (decoded.kind === "entry" && decoded.entry.name === "festival_commit") seen.commits += 1;
          }
          if (seen.commits < editions) await Bun.sleep(LOOK_MS);
        }
      },
      stop: async () => {
        await host.stop();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

async function entriesOf(
  mirror: Mirror,
  topic: Host["festival"]["log"],
): Promise<ReadonlyMap<number, Entry>> {
  const entries = new Map<number, Entry>();
  let state = EMPTY_STATE;
  for await (const message of itemsFrom(await mirror.topicMessages({ topic, limit: 100, order: "asc" }))) {
    state = fold(state, message);
    const decoded = decode(message);
    if (state.verdict?.kind === "accepted" && decoded.kind === "entry") {
      entries.set(message.sequence, decoded.entry);
    }
  }
  return entries;
}
