import { FestError } from "../../hedera/error.ts";
import { dependenciesOf, reachable } from "../dependencies.ts";
import { type Body, encodeEntry } from "../entry/entry.ts";
import { PlanError } from "./error.ts";
import { outlineOf } from "./outline.ts";
import type { Place, Plan, PlannedTask } from "./plan.ts";

/** The most tasks that one edition can have. */
export const MAX_TASKS = 10_000;

/**
 * Refuses a plan that could not be run to its end: a duplicate id, a dependency
 * that does not exist or goes in a circle, a reward over the limit, a task or an
 * outline that is too long for an entry.
 *
 * @param maxReward the manifest's limit in token units, where it is known
 * @throws PlanError with file and line
 */
export function checkPlan(plan: Plan, maxReward?: bigint): void {
  if (plan.tasks.length > MAX_TASKS) {
    throw new PlanError("fest.yaml", 1, `it has ${plan.tasks.length} tasks, more than ${MAX_TASKS}`);
  }
  for (const payload of outlineOf(plan, 1)) {
    refuseLong("fest.yaml", { v: 1, type: "festival_plan", re: "1000000000.10000", payload });
  }
  const byId = new Map<string, PlannedTask>();
  for (const task of plan.tasks) {
    const twin = byId.get(task.id);
    if (twin) throw new PlanError(task.file, 1, `its id ${task.id} is that of ${twin.file}, too`);
    byId.set(task.id, task);
  }
  for (const task of plan.tasks) checkTask(task, byId, maxReward);
  const dependents = plan.tasks.map((task) => ({ id: task.id, dependsOn: dependenciesOf(task.spec) }));
  const possible = reachable(dependents);
  const stuck = plan.tasks.filter((task) => !possible.has(task.id));
  const [first] = stuck;
  if (first) {
    const circle = stuck.map((task) => task.id).join(", ");
    const place = placeOfDependency(first, (id) => !possible.has(id));
    throw PlanError.at(place, `its dependencies go in a circle: ${circle}`);
  }
}

function checkTask(
  task: PlannedTask,
  byId: ReadonlyMap<string, PlannedTask>,
  maxReward: bigint | undefined,
): void {
  for (const id of dependenciesOf(task.spec)) {
    if (!byId.has(id)) {
      const place = placeOfDependency(task, (other) => other === id);
      throw PlanError.at(place, `it depends on ${JSON.stringify(id)}, which is not a task`);
    }
  }
  if (task.spec.reward === 0n) throw PlanError.at(task.placeOf("reward"), "its reward is 0");
  const { hold_reward: hold } = task.spec;
  if (hold === 0n || (hold !== undefined && hold > task.spec.reward)) {
    throw PlanError.at(
      task.placeOf("hold_reward"),
      `its reward for holding, ${hold}, is not between 1 and its reward of ${task.spec.reward}`,
    );
  }
  if (maxReward !== undefined && task.spec.reward > maxReward && task.spec.approval === undefined) {
    throw PlanError.at(
      task.placeOf("reward"),
      `its reward ${task.spec.reward} is over the limit of ${maxReward}`,
      "State `approval: owner` to have the owner sign its payment.",
    );
  }
  const { id, spec: payload } = task;
  refuseLong(task.file, { v: 1, type: "task_planned", re: "1000000000.10000", task_id: id, payload });
}

/** Where a task names the first of its dependencies that is meant. */
function placeOfDependency({ spec, placeOf }: PlannedTask, isMeant: (id: string) => boolean): Place {
  const used = Object.entries(spec.uses ?? {}).find(([, id]) => isMeant(id));
  if (used) return placeOf("uses", used[0]);
  return placeOf("depends_on", Math.max(0, (spec.depends_on ?? []).findIndex(isMeant)));
}

function refuseLong(file: string, body: Body): void {
  try {
    encodeEntry(body);
  } catch (error) {
    if (!(error instanceof FestError)) throw error;
    throw new PlanError(file, 1, error.message);
  }
}
