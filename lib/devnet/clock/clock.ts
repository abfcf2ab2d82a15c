import { sleep } from "../../hedera/sleep.ts";
import { fromMillis, NANOS_PER_MILLI, type Timestamp } from "../../hedera/timestamp.ts";

/** Time as a devnet needs it, so that a test or a simulation can put its own in its place. */
export interface Clock {
  /** The time now; it never goes back. */
  now(): Timestamp;
  /** Resolves after `milliseconds` of this clock, or as soon as `signal` is aborted; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => fromMillis(Date.now()),
  sleep,
};

/** A span of nanoseconds in milliseconds, rounded up, for timers: one that is over in time is never cut short. */
export function timerMillis(nanos: bigint): number {
  return nanos <= 0n ? 0 : Number((nanos + NANOS_PER_MILLI - 1n) / NANOS_PER_MILLI);
}
