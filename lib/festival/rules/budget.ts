import type { TokenUnits } from "../../hedera/amount.ts";
import type { State, Task } from "../state.ts";

/**
 * Whether the manifest's limit of an edition leaves room for a task's reward.
 * Asked before the task is assigned: what was assigned is paid for, so what the
 * edition has promised never passes the limit.
 */
export function hasRoom(state: State, task: Task): boolean {
  const limit = state.manifest?.limits.edition;
  return limit === undefined || promisedBy(state) + task.spec.reward <= limit;
}

/** The rewards of all tasks that were assigned or are to be, except those that failed. */
function promisedBy({ edition, obligations }: State): TokenUnits {
  let promised = 0n;
  for (const { state, spec } of edition?.tasks.values() ?? []) {
    if (state !== "pending" && state !== "failed") promised += spec.reward;
  }
  for (const { kind, taskId } of obligations.values()) {
    if (kind === "assign") promised += edition?.tasks.get(taskId ?? "")?.spec.reward ?? 0n;
  }
  return promised;
}
