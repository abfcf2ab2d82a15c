import { SLOW_BEATS } from "../../../lib/festival/vitals.ts";
import { addSeconds, NANOS_PER_SECOND, type Timestamp } from "../../../lib/hedera/timestamp.ts";
import { ageSeconds } from "../text/time.ts";
import type { AgentVitals, Heartbeat } from "./vitals.ts";

/** How an agent does, in a word; `late` and `silent` are measured in its own heartbeat intervals. */
export type Pulse = Heartbeat["status"] | "late" | "silent" | "lost" | "stopped" | "not seen";

/** Intervals without a heartbeat after which an agent is late. */
export const LATE_AFTER = 2n;
/** Intervals without a heartbeat after which an agent is silent. */
export const SILENT_AFTER = 4n;

/** An agent's state at a moment, from the last it said and how long ago; `lost` says the network itself. */
export function pulseOf(vitals: AgentVitals | undefined, intervalSeconds: number, now: Timestamp): Pulse {
  if (vitals !== undefined && vitals.lost !== null) return "lost";
  if (!vitals?.last) return vitals?.stopped ? "stopped" : "not seen";
  const { timestamp, beat } = vitals.last;
  if (vitals.stopped !== null && vitals.stopped >= timestamp) return "stopped";
  const interval = BigInt(beat.status === "error" ? intervalSeconds * SLOW_BEATS : intervalSeconds);
  const age = ageSeconds(timestamp, now);
  if (age > interval * SILENT_AFTER) return "silent";
  return age > interval * LATE_AFTER ? "late" : beat.status;
}

/** One interval of a heartbeat bar: what was said in it last, or nothing. */
export type Slot = Heartbeat["status"] | "none" | "before";

/**
 * The last `count` intervals up to now, oldest first; `before` lies before the
 * oldest heartbeat that is known, `none` had none, nor had the half interval
 * before it (a heartbeat may be early or late by that). The running interval,
 * whose heartbeat may be on its way, is not among them.
 */
export function slotsOf(
  vitals: AgentVitals | undefined,
  intervalSeconds: number,
  now: Timestamp,
  count: number,
): readonly Slot[] {
  const interval = BigInt(intervalSeconds) * NANOS_PER_SECOND;
  const beats = vitals?.beats ?? [];
  const first = beats[0]?.timestamp ?? now;
  // Slots are aligned to time, so that a bar moves on once an interval and not with every look at it.
  const end = now - (now % interval);
  return Array.from({ length: count }, (_, index): Slot => {
    const from = addSeconds(end, -intervalSeconds * (count - index));
    const until = from + interval;
    const beat = beats.findLast(({ timestamp }) => timestamp >= from - interval / 2n && timestamp < until);
    return beat?.status ?? (until <= first ? "before" : "none");
  });
}
