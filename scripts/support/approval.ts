import { rewardOf } from "../../lib/festival/reward.ts";
import type { PendingApproval, State, Task } from "../../lib/festival/state.ts";
import type { TokenUnits } from "../../lib/hedera/amount.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { decodeScheduledTransfer } from "../../lib/ledger/scheduled-transfer.ts";
import type { MirrorSchedule } from "../../lib/mirror/schedule.ts";
import type { Owner } from "./owner.ts";
import { taskAtWork } from "./tasks.ts";

/** A payment that the owner signed, and the entry that says so. */
export interface Approved extends Pick<PendingApproval, "schedule" | "expires"> {
  readonly sequence: number;
  readonly amount: TokenUnits;
}

/**
 * Signs the payment of a task that waits for the owner, and says so. Run again
 * after it was cut short, it does the rest.
 *
 * @throws FestError `EDITION_MISSING`, `TASK_UNKNOWN`, `APPROVAL_MISSING`, `APPROVAL_REFUSED`, and as {@link Owner.say}
 */
export async function approvePayment(owner: Owner, id: string): Promise<Approved> {
  const state = await owner.state();
  const task = taskAtWork(state, id);
  const { approval } = task;
  if (approval === null) {
    throw new FestError(
      "APPROVAL_MISSING",
      `no payment of task ${id} waits for a signature: it is ${task.state}`,
    );
  }
  const { schedule, expires } = approval;
  const stored = await owner.mirror.schedule(schedule);
  const fault = paymentFault(state, task, stored);
  if (fault !== null)
    throw new FestError("APPROVAL_REFUSED", `the schedule ${schedule} is not signed: ${fault}`);
  if (stored?.executed === null) await owner.perform({ kind: "scheduleSign", schedule });
  const payload = { schedule_id: schedule };
  const { sequence } = await owner.say({ v: 1, type: "payment_approved", task_id: id, payload });
  const amount = rewardOf(task.spec, task.result?.payload ?? null);
  return { sequence, schedule, expires, amount };
}

/**
 * Why the owner should not sign a schedule: it moves something else than the
 * task's reward to whoever did it. Null if it is what the log says.
 */
function paymentFault(state: State, task: Task, schedule: MirrorSchedule | null): string | null {
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
