/** What the owner changes in the plan of the edition that is at work. */
import { dependenciesOf, reachable } from "../dependencies.ts";
import { type Draft, refuse } from "../draft.ts";
import type { Body, Entry } from "../entry/entry.ts";
import { coordinatorOf } from "../roles.ts";
import type { Amendment, Edition, Task } from "../state.ts";
import { openDeadline } from "./deadline.ts";
import { freshTask, openAssignments, openCommitWhenDone } from "./plan.ts";
import { failDependants, mayMoveMoney } from "./work.ts";

type Planned = Body<"task_planned">["payload"];

/**
 * A task more, or another in the place of one that has no result yet: what was
 * begun of that one ends, and it begins anew. One that failed is tried again.
 */
export function amendTask(draft: Draft, entry: Entry<"task_planned">): void {
  if (entry.stamp.payer !== draft.state.owner) refuse("it discharges nothing, and is not the owner's");
  const edition = amendableEdition(draft);
  const { task_id: id, payload } = entry.body;
  const before = edition.tasks.get(id);
  if (before !== undefined && before.state !== "failed") refuseBegun(before);
  const limits = draft.state.manifest?.limits ?? refuse("there is no manifest");
  const index = before?.index ?? 1 + Math.max(0, ...[...edition.tasks.values()].map((task) => task.index));
  const task = freshTask({ id, index, payload }, limits);
  refuseImpossible(edition, task);
  draft.closeTask(id);
  for (const obligation of [...draft.obligations.values()])
    if (obligation.kind === "commit") draft.close(obligation);
  draft.putTask(task);
  draft.changeEdition({
    ...stepsWith(edition, payload),
    taskCount: edition.taskCount + (before === undefined ? 1 : 0),
    amendments: [...edition.amendments, noteOf(entry, before === undefined ? "added" : "changed")],
  });
  const planned = draft.task(id);
  const states = dependenciesOf(planned.spec).map((other) => edition.tasks.get(other)?.state);
  if (states.includes("failed")) {
    draft.open("fail", coordinatorOf(draft.state) ?? refuse("there is no coordinator"), { task: id });
    return;
  }
  openDeadline(draft, planned);
  openAssignments(draft, [planned]);
}

/** A task that is wanted no more fails, and what depends on it. */
export function taskWithdrawn(draft: Draft, entry: Entry<"task_withdrawn">): void {
  const edition = amendableEdition(draft);
  const task = draft.task(entry.body.task_id);
  if (task.state === "failed") refuse(`task ${task.id} has failed already`);
  refuseBegun(task);
  const { reason } = entry.body.payload ?? {};
  draft.closeTask(task.id);
  draft.putTask({ ...task, state: "failed", reason: reason ? `withdrawn: ${reason}` : "withdrawn" });
  draft.changeEdition({ amendments: [...edition.amendments, noteOf(entry, "withdrawn")] });
  failDependants(draft, task.id);
  openCommitWhenDone(draft);
}

function amendableEdition(draft: Draft): Edition {
  const edition = draft.currentEdition();
  for (const { kind } of draft.obligations.values()) {
    if (kind === "plan" || kind === "plan_task") refuse(`edition ${edition.number} is still being planned`);
  }
  return edition;
}

/** From the moment a result is in, only its settlement counts; and money that may move is not let out of sight. */
function refuseBegun(task: Task): void {
  if (task.state === "paid") refuse(`task ${task.id} is paid`);
  if (task.state === "review" || task.state === "complete") refuse(`the result of task ${task.id} is in`);
  if (mayMoveMoney(task)) refuse(`the trade of task ${task.id} may execute`);
}

function refuseImpossible(edition: Edition, task: Omit<Task, "changed">): void {
  const needs = dependenciesOf(task.spec);
  const missing = needs.find((other) => other !== task.id && !edition.tasks.has(other));
  if (missing !== undefined) refuse(`there is no task ${missing}`);
  const others = [...edition.tasks.values()].filter(({ id }) => id !== task.id);
  const dependents = [task, ...others].map(({ id, spec }) => ({ id, dependsOn: dependenciesOf(spec) }));
  if (!reachable(dependents).has(task.id)) refuse(`the dependencies of task ${task.id} go in a circle`);
}

/** The outline with the phases and sequences that it has not yet. */
function stepsWith(edition: Edition, { steps = [] }: Planned): Pick<Edition, "phases" | "sequences"> {
  const added = (known: Edition["phases"], isSequence: boolean) =>
    steps.filter((one) => one.id.includes(".") === isSequence && !known.some(({ id }) => id === one.id));
  return {
    phases: [...edition.phases, ...added(edition.phases, false)],
    sequences: [...edition.sequences, ...added(edition.sequences, true)],
  };
}

function noteOf(entry: Entry<"task_planned" | "task_withdrawn">, change: Amendment["change"]): Amendment {
  return {
    sequence: entry.stamp.sequence,
    timestamp: entry.stamp.timestamp,
    task: entry.body.task_id,
    change,
  };
}
