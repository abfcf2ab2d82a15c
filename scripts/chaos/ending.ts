/** How an edition may end: all of it done, or failed for a reason, or waiting for a person who never comes. */
import { dependenciesOf } from "../../lib/festival/dependencies.ts";
import { isManual } from "../../lib/festival/manual.ts";
import type { Obligation } from "../../lib/festival/obligation.ts";
import type { Edition, State, Task } from "../../lib/festival/state.ts";
import type { Excuses } from "./excuses.ts";

/** Reasons for which any task may fail: nobody worked on it in time, it needs one that failed, or it was wanted no more. */
const GOOD_REASONS = [
  /^lease expired$/,
  /^it needs .* which failed$/,
  /^no result within \d+ s of the edition's start$/,
  /^withdrawn: no need$/,
];

/** What is wrong with the way in which an edition ended. */
export function ending(state: State, excuses: Excuses): readonly string[] {
  const { edition } = state;
  const tasks = [...(edition?.tasks.values() ?? [])];
  const waits = edition !== null && tasks.some((task) => isWaiting(task, edition, excuses));
  // A commit leaves one: the next edition of a plan that recurs.
  const recurs = edition?.everySeconds != null;
  const open = [...state.obligations.values()]
    .filter(({ kind }) => !(recurs && kind === "plan"))
    .filter(({ kind, base }) => kind !== "score" || base < excuses.watched)
    .filter((obligation) => edition === null || !isPersons(obligation, edition, excuses))
    .map(({ id, kind, taskId }) => `${id} (${kind} ${taskId ?? ""})`);
  return [
    ...(edition?.committed || waits ? [] : ["the log has no commit"]),
    ...(open.length === 0 ? [] : [`obligations are left over: ${open.join(", ")}`]),
    ...lostTasks(state, excuses).map(
      (task) => `task ${task.id} ended as ${task.state}: ${task.reason ?? "no reason"}`,
    ),
  ];
}

/** The tasks that are neither paid, nor failed for a reason, nor waiting for a person who may never come. */
export function lostTasks({ edition }: State, excuses: Excuses): readonly Task[] {
  if (edition === null) return [];
  return [...edition.tasks.values()].filter(
    (task) =>
      task.state !== "paid" && !isFailedForReason(task, excuses) && !isWaiting(task, edition, excuses),
  );
}

/** Whether nothing will happen any more unless a person does what that person never does. */
export function isAtRest({ edition, obligations }: State, excuses: Pick<Excuses, "mayWait">): boolean {
  if (edition === null) return false;
  return (
    [...edition.tasks.values()].every(
      (task) => task.state === "paid" || task.state === "failed" || isWaiting(task, edition, excuses),
    ) && [...obligations.values()].every((one) => one.kind === "score" || isPersons(one, edition, excuses))
  );
}

function isFailedForReason({ id, state, reason }: Task, { mayBeRejected }: Excuses): boolean {
  if (state !== "failed") return false;
  return mayBeRejected(id) || GOOD_REASONS.some((good) => good.test(reason ?? ""));
}

/** Whether a task waits for such a person: it is theirs to do or to sign, or it needs one that is. */
function isWaiting(task: Task, edition: Edition, excuses: Pick<Excuses, "mayWait">): boolean {
  const { id, spec, state } = task;
  if (excuses.mayWait(id))
    return isManual(task) ? state === "assigned" : spec.approval !== undefined && state === "complete";
  if (state !== "pending") return false;
  const needed = dependenciesOf(spec).flatMap((other) => edition.tasks.get(other) ?? []);
  return (
    needed.every((other) => other.state !== "failed") &&
    needed.some((other) => isWaiting(other, edition, excuses))
  );
}

/** Whether an obligation is that person's, or is about asking them again. */
function isPersons(
  { kind, taskId }: Obligation,
  edition: Edition,
  excuses: Pick<Excuses, "mayWait">,
): boolean {
  const task = taskId === null ? undefined : edition.tasks.get(taskId);
  if (task === undefined || !excuses.mayWait(task.id) || !isWaiting(task, edition, excuses)) return false;
  return kind === "manual" || kind === "settle" || kind === "confirm";
}
