import { readdir, readFile } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { checkPlan } from "../festival/plan/check.ts";
import { readFestivalTree } from "../festival/plan/fest-tree.ts";
import type { Plan } from "../festival/plan/plan.ts";
import type { Survey } from "../festival/plan/survey.ts";
import { surveyFestivalTree } from "../festival/plan/survey-tree.ts";
import type { Kinds } from "../festival/plan/task-fields.ts";
import { FestError } from "../hedera/error.ts";

/** Files whose text says something of a plan; of the others only their names do. */
const TEXT = /\.(md|markdown|ya?ml|jsonl)$/i;

/**
 * Reads and checks the festival in a folder.
 *
 * @param maxReward the manifest's limit in token units, where it is known
 * @throws FestError `PLAN_FOLDER_UNREADABLE`; PlanError with file and line
 */
export async function readPlanFolder(folder: string, kinds: Kinds, maxReward?: bigint): Promise<Plan> {
  const plan = readFestivalTree(await readFestivalFiles(folder), kinds);
  checkPlan(plan, maxReward);
  return plan;
}

/** Surveys the festival in a folder, also one that could not be run. @throws FestError as {@link readPlanFolder} */
export async function surveyPlanFolder(folder: string): Promise<Survey> {
  return surveyFestivalTree(await readFestivalFiles(folder), basename(resolve(folder)));
}

/**
 * The files of a festival's folder: text by path relative to it, with `/`. Of
 * its hidden folders only fest's own is read, and a folder that is empty has no file.
 *
 * @throws FestError `PLAN_FOLDER_UNREADABLE`
 */
export async function readFestivalFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  try {
    await collect(folder, folder, files);
  } catch (cause) {
    throw new FestError("PLAN_FOLDER_UNREADABLE", `the plan ${JSON.stringify(folder)} cannot be read`, {
      fix: "Name the folder of a festival.",
      cause,
    });
  }
  return files;
}

/** The text of the JSON files in `results/` among the paths. @throws FestError `PLAN_FOLDER_UNREADABLE` */
export async function readResultFiles(
  folder: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const results = paths.filter((path) => /(^|\/)results\/[^/]+\.json$/.test(path));
  const texts = await Promise.all(
    results.map(async (path) => [path, await readFile(join(folder, path), "utf8")] as const),
  );
  return new Map(texts);
}

async function collect(root: string, folder: string, files: Map<string, string>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name === ".fest" || !/^\.|^node_modules$/.test(entry.name)) await collect(root, path, files);
    } else if (entry.isFile()) {
      const name = relative(root, path).split(sep).join("/");
      files.set(name, TEXT.test(entry.name) ? await readFile(path, "utf8") : "");
    }
  }
}
