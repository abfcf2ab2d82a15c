import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readFestivalTree } from "../festival/plan/fest-tree.ts";
import { pullFrom } from "../festival/plan/pull.ts";
import { surveyFestivalTree } from "../festival/plan/survey-tree.ts";
import type { Kinds } from "../festival/plan/task-fields.ts";
import type { State } from "../festival/state.ts";
import { parseTopicId } from "../hedera/id.ts";
import { readFestivalFiles, readResultFiles } from "./plan-folder.ts";

/** What a pull wrote. */
export interface Pulled {
  readonly completed: readonly string[];
  /** Paths relative to the festival's folder, in the order in which they were written. */
  readonly written: readonly string[];
}

/**
 * Writes what a log says into a festival's folder. Each file is replaced whole
 * or not at all; what was cut short is completed by pulling again.
 *
 * @param log the topic that the state was read from
 * @throws FestError `PLAN_FOLDER_UNREADABLE`; PlanError with file and line
 */
export async function pullPlan(folder: string, kinds: Kinds, state: State, log: string): Promise<Pulled> {
  const text = await readFestivalFiles(folder);
  const plan = readFestivalTree(text, kinds);
  const survey = surveyFestivalTree(text, plan.id);
  const files = new Map([...text, ...(await readResultFiles(folder, [...text.keys()]))]);
  const pull = pullFrom(state, parseTopicId(log), { files, plan, survey });
  for (const [path, content] of pull.files) await replace(join(folder, path), content);
  return { completed: pull.completed, written: [...pull.files.keys()] };
}

async function replace(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  await writeFile(draft, content);
  await rename(draft, path);
}
