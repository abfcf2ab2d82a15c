/** What the owner needs to know of a task before acting on it. */
import type { Body } from "../../lib/festival/entry/entry.ts";
import type { Obligation } from "../../lib/festival/obligation.ts";
import type { Edition, State, Task } from "../../lib/festival/state.ts";
import { FestError } from "../../lib/hedera/error.ts";
import type { Owner, Said } from "./owner.ts";

/** A task of the edition at work. @throws FestError `EDITION_MISSING`, `TASK_UNKNOWN` */
export function taskAtWork(state: State, id: string): Task {
  const task = editionAtWork(state).tasks.get(id);
  if (task !== undefined) return task;
  throw new FestError("TASK_UNKNOWN", `the edition has no task ${JSON.stringify(id)}`, {
    fix: "`bun run status --json` lists the tasks.",
  });
}

/** What is owed for the owner's part of a task. @throws FestError `TASK_NOT_MANUAL` with where it stands */
function manualObligation(state: State, task: Task): Obligation {
  for (const obligation of state.obligations.values()) {
    if (obligation.kind === "manual" && obligation.taskId === task.id) return obligation;
  }
  throw new FestError(
    "TASK_NOT_MANUAL",
    `task ${task.id} waits for no person: it is ${task.spec.kind}, ${task.state}`,
  );
}

/** The manual tasks that wait for the owner now. */
export function waitingTasks({ edition, obligations }: State): readonly Task[] {
  return [...obligations.values()].flatMap(({ kind, taskId }) =>
    kind === "manual" && taskId !== null ? (edition?.tasks.get(taskId) ?? []) : [],
  );
}

/**
 * Says what came of a manual task that waits for the owner.
 *
 * @throws FestError `EDITION_MISSING`, `TASK_UNKNOWN`, `TASK_NOT_MANUAL`, and as {@link Owner.say}
 */
export async function answerTask(
  owner: Owner,
  id: string,
  payload: Body<"task_result">["payload"],
): Promise<Said> {
  const state = await owner.state();
  const task = taskAtWork(state, id);
  const { id: re } = manualObligation(state, task);
  return owner.say({ v: 1, type: "task_result", re, task_id: task.id, payload });
}

/** Takes a task out of the edition at work. @throws FestError as {@link Owner.say} */
export function withdrawTask(owner: Owner, task_id: string, reason?: string): Promise<Said> {
  const payload = reason === undefined ? {} : { payload: { reason } };
  return owner.say({ v: 1, type: "task_withdrawn", task_id, ...payload });
}

/** The edition at work. @throws FestError `EDITION_MISSING` */
export function editionAtWork({ edition }: State): Edition {
  if (edition !== null && edition.committed === null) return edition;
  throw new FestError("EDITION_MISSING", "no edition is at work", {
    fix: "The next edition is planned from the coordinator's own folder.",
  });
}
