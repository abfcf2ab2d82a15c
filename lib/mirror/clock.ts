import { sleep } from "../hedera/sleep.ts";
import { fromMillis, type Timestamp } from "../hedera/timestamp.ts";

/**
 * Time and chance as the read side needs them, so that a simulation can put its
 * own in their place. The wall clock paces requests and is never part of an answer.
 */
export interface Clock {
  /** The local time. */
  now(): Timestamp;
  /** Resolves after `milliseconds`, or as soon as `signal` is aborted; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** A random number, at least 0 and below 1. */
  random(): number;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => fromMillis(Date.now()),
  sleep,
  random: Math.random,
};
