import { addSeconds, type Timestamp } from "../hedera/timestamp.ts";
import type { Clock } from "../mirror/clock.ts";
import type { Pass } from "./loop.ts";

/** So often at most, in seconds: a collection takes some 40 ms of processor time, in which nothing else is done. */
const EVERY_SECONDS = 60;

/**
 * Collects garbage between editions, when the least is alive. Left alone, the
 * runtime collects whenever its heap has doubled, mostly in the middle of the
 * work, and keeps what that took: an agent's memory would wander upwards
 * although nothing is held.
 */
export class QuietCollection {
  readonly #clock: Clock;
  readonly #collect: () => void;
  #commits: number | null = null;
  #next: Timestamp = 0n;

  /** @param collect by default the runtime's own, of everything and at once */
  constructor(clock: Clock, collect: () => void = () => Bun.gc(true)) {
    this.#clock = clock;
    this.#collect = collect;
  }

  /** Takes note of a pass: an edition that was committed since the last one is over. */
  update({ state, caughtUp }: Pick<Pass, "state" | "caughtUp">): void {
    if (!caughtUp) return;
    const before = this.#commits;
    this.#commits = state.commits;
    const now = this.#clock.now();
    if (before === null || before === state.commits || now < this.#next) return;
    this.#next = addSeconds(now, EVERY_SECONDS);
    this.#collect();
  }
}
