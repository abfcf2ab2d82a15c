import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How wide a plan is, and how often it is run. */
export interface WidePlan {
  readonly sequences: number;
  readonly tasksEach: number;
  /** Seconds from one edition's commit to the next edition. */
  readonly everySeconds: number;
}

/** Writes a plan of tasks that wait for nothing: each gathers a day of rates. */
export async function writeWidePlan(folder: string, plan: WidePlan): Promise<void> {
  const phase = join(folder, "001_GATHER");
  for (let sequence = 1; sequence <= plan.sequences; sequence++) {
    const at = join(phase, `${number(sequence)}_rates`);
    await mkdir(at, { recursive: true });
    for (let task = 1; task <= plan.tasksEach; task++) {
      await writeFile(join(at, `${number(task)}_gather.md`), TASK);
    }
  }
  await writeFile(
    join(folder, "fest.yaml"),
    `metadata:\n  id: WIDE\n  name: Wide\nrecurrence:\n  every_seconds: ${plan.everySeconds}\n`,
  );
}

const TASK = `---
fest_type: task
kind: gather
input:
  hours: 24
depends_on: []
reward: 1
gate:
  hours: { equals: 24 }
---
`;

function number(value: number): string {
  return String(value).padStart(2, "0");
}
