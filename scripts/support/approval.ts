import { rewardOf } from "../../lib/festival/reward.ts";
import type { State, Task } from "../../lib/festival/state.ts";
import { decodeScheduledTransfer } from "../../lib/ledger/scheduled-transfer.ts";
import type { MirrorSchedule } from "../../lib/mirror/schedule.ts";

/**
 * Why the owner should not sign a schedule: it moves something else than the
 * task's reward to whoever did it. Null if it is what the log says.
 */
export function paymentFault(state: State, task: Task, schedule: MirrorSchedule | null): string | null {
  if (schedule === null) return "the mirror node does not have it yet";
  if (schedule.adminKey !== null) return "it has an admin key";
  if (schedule.deleted) return "it was deleted";
  const transfer = decodeScheduledTransfer(schedule.body);
  if (transfer === null) return "it is no plain transfer";
  if (transfer.hbar.length > 0) return "it moves HBAR";
  const token = state.manifest?.token;
  const [paying, paid, ...others] = transfer.tokens.toSorted((a, b) => Number(a.amount - b.amount));
  if (paying === undefined || paid === undefined || others.length > 0)
    return "it is not from one account to another";
  if (paying.token !== token || paid.token !== token) return `it does not move ${token}`;
  if (paid.account !== task.result?.account) return `it pays ${paid.account}, not ${task.result?.account}`;
  if (paying.account !== schedule.creator) return `it takes from ${paying.account}`;
  const reward = rewardOf(task.spec, task.result?.payload ?? null);
  if (paid.amount !== reward || paying.amount !== -paid.amount)
    return `it moves ${paid.amount}, not ${reward}`;
  return null;
}
