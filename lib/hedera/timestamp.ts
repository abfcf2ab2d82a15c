import { FestError } from "./error.ts";

declare const unit: unique symbol;

/** A point in time, in whole nanoseconds since 1970-01-01T00:00Z (Hedera's `Timestamp`). */
export type Timestamp = bigint & { readonly [unit]?: "timestamp" };

/** Nanoseconds in a microsecond. */
const NANOS_PER_MICRO = 1_000n;
/** Nanoseconds in a millisecond. */
export const NANOS_PER_MILLI = 1_000_000n;
/** Nanoseconds in a second. */
export const NANOS_PER_SECOND = 1_000_000_000n;

const TIMESTAMP = /^(\d{1,12})\.(\d{1,9})$/;

/**
 * Reads `seconds.nanoseconds`, the mirror node's form; the fraction is padded
 * on the right, so `1.5` is one and a half seconds.
 *
 * @throws FestError `TIMESTAMP_INVALID`
 */
export function parseTimestamp(text: string): Timestamp {
  const match = TIMESTAMP.exec(text);
  if (!match) {
    throw new FestError("TIMESTAMP_INVALID", `${JSON.stringify(text)} is not a timestamp`, {
      fix: "Write it as seconds.nanoseconds, for example 1700000000.000000001.",
    });
  }
  return timestampOf(BigInt(match[1] ?? 0), BigInt((match[2] ?? "").padEnd(9, "0")));
}

/** Writes `seconds.nanoseconds` with all nine digits: `1700000000.000000001`. */
export function formatTimestamp(time: Timestamp): string {
  return `${secondsOf(time)}.${nanosOf(time).toString().padStart(9, "0")}`;
}

/** The timestamp of a protobuf `Timestamp {seconds, nanos}`. */
export function timestampOf(seconds: bigint | number, nanos: bigint | number = 0n): Timestamp {
  return BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos);
}

/** The whole seconds of a timestamp. */
export function secondsOf(time: Timestamp): bigint {
  return time / NANOS_PER_SECOND;
}

/** The nanoseconds of a timestamp after its whole seconds, 0 to 999,999,999. */
export function nanosOf(time: Timestamp): bigint {
  return time % NANOS_PER_SECOND;
}

/** `time` plus whole seconds (may be negative). */
export function addSeconds(time: Timestamp, seconds: bigint | number): Timestamp {
  return time + BigInt(seconds) * NANOS_PER_SECOND;
}

/** The timestamp truncated to the microsecond. */
export function truncateToMicros(time: Timestamp): Timestamp {
  return time - (time % NANOS_PER_MICRO);
}

/** A JavaScript time (milliseconds, as of `Date.now()`) as a timestamp. */
export function fromMillis(milliseconds: number): Timestamp {
  return BigInt(Math.trunc(milliseconds)) * NANOS_PER_MILLI;
}

/** A timestamp in milliseconds since 1970, rounded down, for `Date` and timers only. */
export function toMillis(time: Timestamp): number {
  return Number(time / NANOS_PER_MILLI);
}
