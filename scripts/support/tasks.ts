/** What the owner needs to know of a task before acting on it. */
import type { Obligation } from "../../lib/festival/obligation.ts";
import type { Edition, State, Task } from "../../lib/festival/state.ts";
import { FestError } from "../../lib/hedera/error.ts";

/** A task of the edition at work. @throws FestError `EDITION_MISSING`, `TASK_UNKNOWN` */
export function taskAtWork({ edition }: State, id: string): Task {
  const task = atWork(edition).tasks.get(id);
  if (task !== undefined) return task;
  throw new FestError("TASK_UNKNOWN", `the edition has no task ${JSON.stringify(id)}`, {
    fix: "`bun run status --json` lists the tasks.",
  });
}

/** What is owed for the owner's part of a task. @throws FestError `TASK_NOT_MANUAL` with where it stands */
export function manualObligation(state: State, task: Task): Obligation {
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

function atWork(edition: Edition | null): Edition {
  if (edition !== null && edition.committed === null) return edition;
  throw new FestError("EDITION_MISSING", "no edition is at work");
}
