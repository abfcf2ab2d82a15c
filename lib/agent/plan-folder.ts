import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { checkPlan } from "../festival/plan/check.ts";
import { type Kinds, readFestivalTree } from "../festival/plan/fest-tree.ts";
import type { Plan } from "../festival/plan/plan.ts";
import { FestError } from "../hedera/error.ts";

/**
 * Reads and checks the festival in a folder.
 *
 * @param maxReward the manifest's limit in token units, where it is known
 * @throws FestError `PLAN_FOLDER_UNREADABLE`; PlanError with file and line
 */
export async function readPlanFolder(folder: string, kinds: Kinds, maxReward?: bigint): Promise<Plan> {
  const files = new Map<string, string>();
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(md|ya?ml)$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(relative(folder, path).split(sep).join("/"), await readFile(path, "utf8"));
    }
  } catch (cause) {
    throw new FestError("PLAN_FOLDER_UNREADABLE", `the plan ${JSON.stringify(folder)} cannot be read`, {
      fix: "Name the folder of a festival.",
      cause,
    });
  }
  const plan = readFestivalTree(files, kinds);
  checkPlan(plan, maxReward);
  return plan;
}
