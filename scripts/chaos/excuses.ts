import type { Timestamp } from "../../lib/hedera/timestamp.ts";
import type { Asked } from "./asked.ts";
import { FICKLE, LARGE_TASK, MANUAL_TASK } from "./plan.ts";

/** What a seed excuses. */
export interface Excuses {
  /** Until when the agents were watched: what is due later may be left over. */
  readonly watched: Timestamp;
  /** Whether a task may be rejected until it fails. */
  readonly mayBeRejected: (taskId: string) => boolean;
  /** Whether what a task asks of a person may wait for ever. */
  readonly mayWait: (taskId: string) => boolean;
}

/** What the owner of a seed makes excusable. */
export function excusesOf({ task, signature }: Asked): Omit<Excuses, "watched"> {
  const waits = [
    ...(task?.manner === "never" && task.deadline === null ? [MANUAL_TASK] : []),
    ...(signature?.manner === "never" ? [LARGE_TASK] : []),
  ];
  const rejected = [FICKLE, ...(task !== null && task.misses > 0 ? [MANUAL_TASK] : [])];
  return {
    mayBeRejected: (taskId) => rejected.includes(taskId),
    mayWait: (taskId) => waits.includes(taskId),
  };
}
