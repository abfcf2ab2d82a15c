import { type Draft, refuse } from "../draft.ts";
import type { Entry } from "../entry/entry.ts";
import { OWNER } from "../manual.ts";
import type { Obligation } from "../obligation.ts";
import type { Task } from "../state.ts";

/** The owner is to do a task: it waits, for as long as that takes. */
export function waitForOwner(draft: Draft, task: Task): void {
  const account = draft.state.owner ?? refuse("there is no owner");
  const { timestamp: began } = draft.stamp;
  draft.putTask({ ...task, state: "assigned", agent: OWNER, attempt: task.attempt + 1, began });
  draft.open("manual", { id: OWNER, role: OWNER, account }, { task: task.id });
}

/**
 * Ends what the owner owes for a task. A person may take weeks, in which no
 * window is kept open by ticks: any transaction id of the owner's will do, and
 * of two results the first counts, since the second finds nothing that is owed.
 */
export function answerManual(draft: Draft, entry: Entry<"task_result">, obligation: Obligation): void {
  if (obligation.payer !== entry.stamp.payer)
    refuse(`obligation ${obligation.id} is owed by ${obligation.payer}`);
  if (entry.body.task_id !== obligation.taskId)
    refuse(`obligation ${obligation.id} is about task ${obligation.taskId}`);
  draft.close(obligation);
}
