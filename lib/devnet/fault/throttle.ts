import { NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import type { Clock } from "../clock/clock.ts";

/** Admits so many a second of a clock: a bucket as big as one second's number, which leaks evenly. */
export class Throttle {
  readonly #perSecond: bigint;
  readonly #clock: Clock;
  /** The drops in the bucket times a second's nanoseconds. */
  #level = 0n;
  #last: Timestamp;

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = BigInt(perSecond);
    this.#clock = clock;
    this.#last = clock.now();
  }

  /** Whether there is room for one more; then it is taken. */
  admits(): boolean {
    const now = this.#clock.now();
    // A revert may have put the clock back.
    const passed = now > this.#last ? now - this.#last : 0n;
    const leaked = this.#level - passed * this.#perSecond;
    this.#level = leaked < 0n ? 0n : leaked;
    this.#last = now;
    if (this.#level + NANOS_PER_SECOND > this.#perSecond * NANOS_PER_SECOND) return false;
    this.#level += NANOS_PER_SECOND;
    return true;
  }
}
