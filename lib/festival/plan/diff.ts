import { dependenciesOf } from "../dependencies.ts";
import type { Body } from "../entry/entry.ts";
import { encodeEntry } from "../entry/entry.ts";
import type { Edition, Task } from "../state.ts";
import type { Plan, PlannedTask, PlanStep } from "./plan.ts";

/** How a plan differs from the edition that is at work. */
export interface PlanDiff {
  /** In the plan, not in the edition; each after what it waits for. */
  readonly added: readonly PlannedTask[];
  /** In both, otherwise; each after what it waits for. */
  readonly changed: readonly PlannedTask[];
  /** In the edition, not in the plan any more. */
  readonly withdrawn: readonly Task[];
  /** Changed or taken out of the plan, but done: a result that is in, or paid, is never undone. */
  readonly finished: readonly Task[];
  readonly unchanged: number;
}

/** Compares a plan with an edition, task by task, by what their entries say. */
export function diffPlan(plan: Plan, edition: Edition): PlanDiff {
  const added: PlannedTask[] = [];
  const changed: PlannedTask[] = [];
  const finished: Task[] = [];
  let unchanged = 0;
  for (const task of inOrder(plan.tasks)) {
    const before = edition.tasks.get(task.id);
    if (before === undefined) added.push(task);
    else if (textOf(task.id, task.spec) === textOf(task.id, before.spec)) unchanged += 1;
    else if (isFinished(before)) finished.push(before);
    else changed.push(task);
  }
  const planned = new Set(plan.tasks.map(({ id }) => id));
  const gone = [...edition.tasks.values()].filter(({ id }) => !planned.has(id));
  return {
    added,
    changed,
    withdrawn: gone.filter((task) => !isFinished(task) && task.state !== "failed"),
    finished: [...finished, ...gone.filter(isFinished)],
    unchanged,
  };
}

/**
 * The owner's entries that bring an edition to a plan: what is new, then what is
 * another, then what is wanted no more, so that nothing waits for what is gone.
 */
export function amendmentsOf(
  plan: Plan,
  edition: Edition,
): readonly (Body<"task_planned"> | Body<"task_withdrawn">)[] {
  const { added, changed, withdrawn } = diffPlan(plan, edition);
  const planned = [...added, ...changed].map((task): Body<"task_planned"> => {
    const steps = stepsOf(plan, task.id).filter((step) => !hasStep(edition, step.id));
    const payload = { ...task.spec, ...(steps.length === 0 ? {} : { steps }) };
    return { v: 1, type: "task_planned", task_id: task.id, payload };
  });
  const gone = withdrawn.map(({ id }): Body<"task_withdrawn"> => {
    const payload = { reason: "taken out of the plan" };
    return { v: 1, type: "task_withdrawn", task_id: id, payload };
  });
  return [...planned, ...gone];
}

function isFinished({ state }: Task): boolean {
  return state === "review" || state === "complete" || state === "paid";
}

/** Each task behind those that it waits for, else in plan order. */
function inOrder(tasks: readonly PlannedTask[]): readonly PlannedTask[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const ordered = new Set<PlannedTask>();
  const visiting = new Set<PlannedTask>();
  const visit = (task: PlannedTask): void => {
    if (ordered.has(task) || visiting.has(task)) return;
    visiting.add(task);
    for (const id of dependenciesOf(task.spec)) {
      const needed = byId.get(id);
      if (needed !== undefined) visit(needed);
    }
    ordered.add(task);
  };
  for (const task of tasks) visit(task);
  return [...ordered];
}

/** Phase and sequence of a task, whose ids its own begins with. */
function stepsOf({ phases, sequences }: Plan, id: string): readonly PlanStep[] {
  const belongs = (step: PlanStep) => id.startsWith(`${step.id}.`);
  return [...phases.filter(belongs), ...sequences.filter(belongs)];
}

function hasStep({ phases, sequences }: Edition, id: string): boolean {
  return [...phases, ...sequences].some((step) => step.id === id);
}

/** What the entry of a task says, its fields in one order. */
function textOf(task_id: string, payload: PlannedTask["spec"]): string {
  const wire: unknown = JSON.parse(
    new TextDecoder().decode(encodeEntry({ v: 1, type: "task_planned", task_id, payload })),
  );
  return JSON.stringify(wire, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
