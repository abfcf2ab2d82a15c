import type { proto } from "@hiero-ledger/proto";
import { NANOS_PER_SECOND, secondsOf, type Timestamp } from "../../../hedera/timestamp.ts";
import { isSatisfied, type Key, simpleKey, simpleKeys } from "../key/key.ts";
import type { Schedule, ScheduleSignature } from "../record.ts";
import { need, needed } from "../refusal.ts";
import type { State } from "../state/state.ts";
import { scheduleIdOf } from "../wire/id.ts";
import type { HandleContext } from "./context.ts";

/** The schedule that a transaction names, while it can still execute. @throws Refusal that says why it cannot */
export function pendingSchedule(
  state: State,
  id: proto.IScheduleID | null | undefined,
  now: Timestamp | null,
): Schedule {
  const scheduleId = scheduleIdOf(id);
  const schedule = needed(scheduleId && state.schedules.get(scheduleId), "INVALID_SCHEDULE_ID");
  need(schedule.executed === null, "SCHEDULE_ALREADY_EXECUTED");
  need(schedule.deleted === null, "SCHEDULE_ALREADY_DELETED");
  need(now === null || secondsOf(schedule.expiration) >= secondsOf(now), "SCHEDULE_PENDING_EXPIRATION");
  return schedule;
}

/** The schedule's signatures with those that the transaction adds, of keys that the schedule needs. */
export function addedSignatures(
  schedule: Schedule,
  requiredKeys: readonly Key[],
  context: HandleContext,
): readonly ScheduleSignature[] {
  const signed = new Set(schedule.signatories.map(({ type, publicKey }) => simpleKey(type, publicKey).text));
  const added: ScheduleSignature[] = [];
  for (const required of requiredKeys) {
    for (const key of simpleKeys(required)) {
      const signature = signed.has(key.text) ? null : context.signatures?.signatureOf(key);
      if (!signature) continue;
      signed.add(key.text);
      const { consensusTimestamp } = context;
      added.push({ consensusTimestamp, publicKey: key.publicKey, signature, type: key.kind });
    }
  }
  return added.length === 0 ? schedule.signatories : [...schedule.signatories, ...added];
}

/** Whether everyone has signed whose signature the scheduled transaction needs. */
export function isFullySigned(schedule: Schedule, requiredKeys: readonly Key[]): boolean {
  const signed = new Set(schedule.signatories.map(({ type, publicKey }) => simpleKey(type, publicKey).text));
  return requiredKeys.every((key) => isSatisfied(key, (simple) => signed.has(simple.text)));
}

/** Puts the schedule, and executes it at once where it is fully signed and does not wait for its expiry. */
export function putAndExecute(
  schedule: Schedule,
  requiredKeys: readonly Key[],
  context: HandleContext,
): void {
  if (schedule.waitForExpiry || !isFullySigned(schedule, requiredKeys)) {
    context.state.putSchedule(schedule);
    return;
  }
  // The scheduled transaction's own record is the next one.
  const executed = { ...schedule, executed: context.consensusTimestamp + 1n };
  context.state.putSchedule(executed);
  context.dispatchScheduled(executed);
}

/** When a schedule expires that was asked for with an expiration or without, in whole seconds. */
export function expirationOf(asked: Timestamp | null, now: Timestamp, defaultSeconds: bigint): Timestamp {
  const seconds = asked === null ? secondsOf(now) + defaultSeconds : secondsOf(asked);
  return seconds * NANOS_PER_SECOND;
}
