import { NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";
import type { Clock } from "../mirror/clock.ts";
import type { Performed } from "./duty.ts";
import type { Guard, Hold } from "./guard.ts";

/** Effects that fail one after the other until the breaker opens. */
export const FAILURES_IN_A_ROW = 5;
/** The first pause, in seconds; each next one is twice as long, up to the longest. */
const FIRST_PAUSE_SECONDS = 10n;
const LONGEST_PAUSE_SECONDS = 600n;

/**
 * A circuit breaker: where one effect after the other fails, something is wrong
 * that more of them won't cure, and each costs its fee. It pauses all sending,
 * lets a single one through, and pauses longer if that fails, too. What waits
 * or has no answer counts neither way, nor does a failure that an entry told of;
 * one success ends it.
 */
export class Breaker implements Guard {
  readonly #clock: Clock;
  readonly #onOpen: (hold: Hold) => void;
  #failures = 0;
  #pauses = 0;
  #until: Timestamp = 0n;
  #probing = false;

  /** @param onOpen told once for each row of failures */
  constructor(clock: Clock, onOpen: (hold: Hold) => void) {
    this.#clock = clock;
    this.#onOpen = onOpen;
  }

  admit(): Hold | null {
    if (this.#pauses === 0) return null;
    if (this.#probing || this.#clock.now() < this.#until) return this.hold;
    this.#probing = true;
    return null;
  }

  note(performed: Performed | null): void {
    if (performed?.kind === "executed") {
      this.#failures = 0;
      this.#pauses = 0;
    }
    this.#probing = false;
    if (!isFailure(performed)) return;
    this.#failures += 1;
    // What was under way when it opened tells nothing new.
    if (this.#clock.now() < this.#until) return;
    if (this.#pauses > 0 || this.#failures >= FAILURES_IN_A_ROW) this.#open();
  }

  /** Why nothing is sent, as long as no success has ended it; else null. */
  get hold(): Hold | null {
    if (this.#pauses === 0) return null;
    const message = `${this.#failures} effects failed one after the other; tries again more and more rarely`;
    return { code: "EFFECTS_FAIL", message };
  }

  #open(): void {
    const pause = FIRST_PAUSE_SECONDS << BigInt(Math.min(this.#pauses, 10));
    const seconds = pause < LONGEST_PAUSE_SECONDS ? pause : LONGEST_PAUSE_SECONDS;
    this.#until = this.#clock.now() + seconds * NANOS_PER_SECOND;
    this.#pauses += 1;
    if (this.#pauses === 1 && this.hold !== null) this.#onOpen(this.hold);
  }
}

function isFailure(performed: Performed | null): boolean {
  return performed?.kind === "failed" || performed?.kind === "refused";
}
