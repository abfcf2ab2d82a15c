/** Whether the agents' memory grows with the tasks that they have done. */
import { sampleProcess } from "../../soak/process-sample.ts";
import { median } from "../process.ts";
import { type Measured, startMeasured } from "./festival.ts";
import { round } from "./one-edition.ts";
import { writeWidePlan } from "./wide-plan.ts";

const PLAN = { sequences: 10, tasksEach: 10, everySeconds: 1 };
const TASKS = PLAN.sequences * PLAN.tasksEach;
/** Editions around which the memory is looked at: half of them before, half after. */
const SPREAD = 10;
const LOOK_MS = 250;

/** Between which tasks it is compared. */
export interface MemoryRange {
  readonly from: number;
  readonly to: number;
}

/** Resident memory of each agent around two tasks, medians, in MB. */
export interface MemoryFigures {
  /** The agent's that grew most: (late - early) / early. */
  readonly rss_growth: number;
  readonly rss_mb: Readonly<Record<string, { readonly early: number; readonly late: number }>>;
  readonly tasks: MemoryRange;
}

/** Runs edition after edition and looks at the processes around two tasks. @throws FestError */
export async function measureMemory(
  say: (line: string) => void,
  tasks: MemoryRange = { from: 3_000, to: 10_000 },
): Promise<MemoryFigures> {
  const festival = await startMeasured((folder) => writeWidePlan(folder, PLAN));
  try {
    const early = await rssAround(festival, tasks.from / TASKS);
    say(`${tasks.from} tasks are paid`);
    const late = await rssAround(festival, tasks.to / TASKS);
    say(`${tasks.to} tasks are paid`);
    const rss = Object.fromEntries(
      Object.keys(early).map((agent) => [
        agent,
        { early: round(early[agent] ?? Number.NaN, 1), late: round(late[agent] ?? Number.NaN, 1) },
      ]),
    );
    const growth = Object.values(rss).map(({ early: before, late: after }) => (after - before) / before);
    return { rss_growth: round(Math.max(...growth), 3), rss_mb: rss, tasks };
  } finally {
    await festival.stop();
  }
}

/** Each agent's median from some editions before one to as many after it. */
async function rssAround(festival: Measured, edition: number): Promise<Readonly<Record<string, number>>> {
  await festival.committed(edition - SPREAD / 2);
  const looks: Record<string, number[]> = {};
  let over = false;
  const enough = festival.committed(edition + SPREAD / 2).then(() => {
    over = true;
  });
  while (!over) {
    for (const [agent, pid] of Object.entries(festival.host.agents.pids)) {
      const sample = sampleProcess(pid);
      if (sample !== null) looks[agent] = [...(looks[agent] ?? []), sample.rssMb];
    }
    await Promise.race([enough, Bun.sleep(LOOK_MS)]);
  }
  return Object.fromEntries(Object.entries(looks).map(([agent, values]) => [agent, median(values)]));
}
