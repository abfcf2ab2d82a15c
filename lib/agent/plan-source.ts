/** Where plans come from: a festival's folder, a file, the fest CLI; all of them one model. */
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { checkPlan } from "../festival/plan/check.ts";
import type { Plan } from "../festival/plan/plan.ts";
import { readPlanFile, surveyPlan } from "../festival/plan/plan-file.ts";
import { isRoadmap, readRoadmap, surveyRoadmap } from "../festival/plan/roadmap.ts";
import type { Survey } from "../festival/plan/survey.ts";
import type { Kinds } from "../festival/plan/task-fields.ts";
import { FestError } from "../hedera/error.ts";
import { readPlanFolder, surveyPlanFolder } from "./plan-folder.ts";

/** A plan's text, and the name of what it was read from. */
interface Source {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads and checks a plan from a festival's folder, a plan file (YAML or JSON),
 * or what `fest show --json --roadmap` printed.
 *
 * @throws FestError `PLAN_FOLDER_UNREADABLE`; PlanError with file and line
 */
export async function readPlan(path: string, kinds: Kinds, maxReward?: bigint): Promise<Plan> {
  const source = await sourceOf(path);
  return source === null ? readPlanFolder(path, kinds, maxReward) : parsePlan(source, kinds, maxReward);
}

/** Surveys whatever {@link readPlan} reads, also where it could not be run. @throws FestError as there */
export async function surveyPath(path: string, kinds: Kinds): Promise<Survey> {
  const source = await sourceOf(path);
  return source === null ? surveyPlanFolder(path) : surveyText(source, kinds);
}

/** The plan in a text. @throws PlanError */
export function parsePlan({ file, text }: Source, kinds: Kinds, maxReward?: bigint): Plan {
  const plan = isRoadmap(text) ? readRoadmap(file, text, kinds) : readPlanFile(file, text, kinds);
  checkPlan(plan, maxReward);
  return plan;
}

/** A survey of the plan in a text. @throws PlanError */
export function surveyText({ file, text }: Source, kinds: Kinds): Survey {
  return isRoadmap(text) ? surveyRoadmap(file, text) : surveyPlan(readPlanFile(file, text, kinds));
}

/** The file's text; null for a folder. */
async function sourceOf(path: string): Promise<Source | null> {
  try {
    if ((await stat(path)).isDirectory()) return null;
    return { file: basename(path), text: await readFile(path, "utf8") };
  } catch (cause) {
    throw new FestError("PLAN_FOLDER_UNREADABLE", `the plan ${JSON.stringify(path)} cannot be read`, {
      fix: "Name the folder of a festival, or a plan file.",
      cause,
    });
  }
}
