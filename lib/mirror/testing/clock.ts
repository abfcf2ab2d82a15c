import { type Clock, systemClock } from "../clock.ts";

/** A clock on which waiting takes a hundredth of the time, and that remembers what was waited for. */
export interface QuickClock extends Clock {
  /** Milliseconds of every wait so far, as asked for. */
  readonly waits: readonly number[];
}

/** Makes a {@link QuickClock} with `random` fixed, so that waits are exact. */
export function quickClock(random = 0.5): QuickClock {
  const waits: number[] = [];
  return {
    waits,
    now: systemClock.now,
    sleep(milliseconds, signal) {
      waits.push(milliseconds);
      return systemClock.sleep(milliseconds / 100, signal);
    },
    random: () => random,
  };
}
