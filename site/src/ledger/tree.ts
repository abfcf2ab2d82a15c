import { dependenciesOf } from "../../../lib/festival/dependencies.ts";
import type { Edition, Task, TaskState } from "../../../lib/festival/state.ts";

/** A sequence of the plan with its tasks, in plan order. */
export interface SequenceNode {
  readonly id: string;
  readonly name: string;
  readonly tasks: readonly Task[];
}

/** A phase of the plan. */
export interface PhaseNode {
  readonly id: string;
  readonly name: string;
  readonly sequences: readonly SequenceNode[];
  readonly done: number;
  readonly tasks: number;
}

/** An edition's tasks under their phases and sequences; what belongs nowhere comes last, under a phase without a name. */
export function treeOf(edition: Edition): readonly PhaseNode[] {
  const bySequence = new Map<string, Task[]>();
  for (const task of [...edition.tasks.values()].toSorted((a, b) => a.index - b.index)) {
    const id = homeOf(task.id, edition.sequences);
    bySequence.set(id, [...(bySequence.get(id) ?? []), task]);
  }
  const sequences = edition.sequences.map((step) => ({ ...step, tasks: bySequence.get(step.id) ?? [] }));
  const phases = edition.phases.map((phase) =>
    phaseOf(
      phase,
      sequences.filter((sequence) => homeOf(sequence.id, edition.phases) === phase.id),
    ),
  );
  const strays = sequences.filter((sequence) => homeOf(sequence.id, edition.phases) === "");
  const homeless = bySequence.get("") ?? [];
  if (homeless.length > 0) strays.push({ id: "", name: "", tasks: homeless });
  return strays.length === 0 ? phases : [...phases, phaseOf({ id: "", name: "" }, strays)];
}

function phaseOf(step: { id: string; name: string }, sequences: readonly SequenceNode[]): PhaseNode {
  const tasks = sequences.flatMap((sequence) => sequence.tasks);
  return { ...step, sequences, tasks: tasks.length, done: tasks.filter(isDone).length };
}

/** The longest of the steps' ids that `id` begins with, or nothing. */
function homeOf(id: string, steps: readonly { readonly id: string }[]): string {
  const homes = steps.filter((step) => id.startsWith(`${step.id}.`)).map((step) => step.id);
  return homes.toSorted((a, b) => b.length - a.length)[0] ?? "";
}

/** Whether nothing more will happen to a task. */
export function isDone(task: Task): boolean {
  return task.state === "paid" || task.state === "failed";
}

/** The states of a task, from the end to the beginning of its way. */
export const STATES: readonly TaskState[] = [
  "paid",
  "complete",
  "review",
  "in_progress",
  "assigned",
  "pending",
  "failed",
];

/** How many tasks are in each state; tasks that are still to be planned are not counted. */
export function tally(edition: Edition): Readonly<Record<TaskState, number>> {
  const counts = { paid: 0, complete: 0, review: 0, in_progress: 0, assigned: 0, pending: 0, failed: 0 };
  for (const { state } of edition.tasks.values()) counts[state] += 1;
  return counts;
}

/** The ids of what a pending task still waits for. */
export function blockersOf(task: Task, edition: Edition): readonly string[] {
  if (task.state !== "pending") return [];
  return dependenciesOf(task.spec).filter((id) => edition.tasks.get(id)?.state !== "paid");
}
