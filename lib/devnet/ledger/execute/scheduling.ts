import { proto } from "@hiero-ledger/proto";
import type { Scheduling } from "../handler/context.ts";
import { findHandler } from "../handler/registry.ts";
import { decodeKey, type Key } from "../key/key.ts";
import type { Schedule } from "../record.ts";
import { need, needed, Refusal } from "../refusal.ts";
import type { State } from "../state/state.ts";
import { RequiredKeys } from "./required-keys.ts";
import { scheduledTransaction } from "./transaction.ts";

/** What handlers of schedules need to know of the transactions that schedules hold. */
export function schedulingOf(state: State): Scheduling {
  const scheduling: Scheduling = {
    isSchedulable: ({ body }) =>
      findHandler(proto.SchedulableTransactionBody.decode(body).data)?.schedulable === true,
    requiredKeys: (schedule) => requiredKeysOf(state, schedule, scheduling),
  };
  return scheduling;
}

function requiredKeysOf(state: State, schedule: Schedule, scheduling: Scheduling): Key[] {
  const { handler, body, payer } = scheduledTransaction(schedule);
  handler.pureChecks(body);
  const required = new RequiredKeys(state, payer, scheduling);
  try {
    handler.preHandle(body, required);
  } catch (error) {
    // Gathering keys is not yet validation: whatever is wrong will show when the schedule executes.
    throw error instanceof Refusal ? new Refusal("UNRESOLVABLE_REQUIRED_SIGNERS") : error;
  }
  // A schedule cannot give a hollow account its key (`AbstractScheduleHandler.getRequiredKeys`).
  need(required.hollow.length + required.addresses.length === 0, "UNRESOLVABLE_REQUIRED_SIGNERS");
  const payerKey = needed(decodeKey(state.accounts.get(payer)?.key ?? null), "UNRESOLVABLE_REQUIRED_SIGNERS");
  return [payerKey, ...required.keys];
}
