import type { Clock } from "./clock.ts";

/** How long to wait between attempts, in milliseconds. */
export interface Backoff {
  /** Upper end of the first wait. */
  readonly firstMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
}

/**
 * The wait before attempt `attempt` (1 is the first repetition), in milliseconds:
 * doubling, with the upper half random, so that clients that failed together do
 * not come back together.
 */
export function backoffMs(backoff: Backoff, attempt: number, clock: Clock): number {
  const ceiling = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (attempt - 1));
  return Math.round((ceiling / 2) * (1 + clock.random()));
}
