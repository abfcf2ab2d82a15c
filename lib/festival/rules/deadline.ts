import { addSeconds, NANOS_PER_SECOND } from "../../hedera/timestamp.ts";
import { type Draft, refuse } from "../draft.ts";
import { coordinatorOf } from "../roles.ts";
import type { Task } from "../state.ts";

/**
 * Owes the end of a task whose deadline passes, if it has one: what is left of
 * it from now on. A result, or a trade that could still move money, takes it
 * away; a failed gate, or the trade's end, brings it back.
 */
export function openDeadline(draft: Draft, task: Task): void {
  const { deadline_seconds: deadline } = task.spec;
  if (deadline === undefined) return;
  const coordinator = coordinatorOf(draft.state) ?? refuse("there is no coordinator");
  const left = addSeconds(draft.currentEdition().started, deadline) - draft.stamp.timestamp;
  const delaySeconds = left <= 0n ? 0 : Number((left + NANOS_PER_SECOND - 1n) / NANOS_PER_SECOND);
  draft.closeTask(task.id, ["expire"]);
  draft.open("expire", coordinator, { task: task.id, delaySeconds });
}
