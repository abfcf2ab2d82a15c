import { nanosOf, secondsOf, type Timestamp, toMillis } from "../../../lib/hedera/timestamp.ts";

/** A length of time in its two largest units: `42 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatSeconds(seconds: bigint | number): string {
  const total = BigInt(seconds) < 0n ? 0n : BigInt(seconds);
  if (total < 60n) return `${total} s`;
  if (total < 3_600n) return pair(total / 60n, "min", total % 60n, "s");
  if (total < 86_400n) return pair(total / 3_600n, "h", (total % 3_600n) / 60n, "min");
  return pair(total / 86_400n, "d", (total % 86_400n) / 3_600n, "h");
}

function pair(large: bigint, largeUnit: string, small: bigint, smallUnit: string): string {
  return small === 0n ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** How long ago something was. A viewer's clock may be behind the ledger's; that is no negative age. */
export function ageSeconds(time: Timestamp, now: Timestamp): bigint {
  return now <= time ? 0n : secondsOf(now - time);
}

/** An age in words: `3 s ago`. */
export function formatAge(time: Timestamp, now: Timestamp): string {
  return `${formatSeconds(ageSeconds(time, now))} ago`;
}

/** Milliseconds of work in words: `340 ms`, `1.2 s`, `3 min 12 s`. */
export function formatMillis(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${Math.floor(milliseconds / 100) / 10} s`;
  return formatSeconds(BigInt(Math.floor(milliseconds / 1_000)));
}

/** The time of day of a consensus time where the viewer is: `14:03:22`. */
export function formatClock(time: Timestamp): string {
  return new Date(toMillis(time)).toTimeString().slice(0, 8);
}

/** A consensus time in full, in UTC and to the nanosecond: `2026-11-21T08:42:00.000000001Z`. */
export function formatUtc(time: Timestamp): string {
  const seconds = new Date(Number(secondsOf(time)) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${nanosOf(time).toString().padStart(9, "0")}Z`;
}

/** Whole seconds until a time; 0 once it has come. */
export function secondsUntil(time: Timestamp, now: Timestamp): bigint {
  return time <= now ? 0n : secondsOf(time - now);
}
