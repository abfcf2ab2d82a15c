import type { State } from "../festival/state.ts";
import { describeDrift } from "../festival/submit-keys.ts";
import { describeError } from "../hedera/error.ts";
import type { TopicId } from "../hedera/id.ts";
import type { Mirror } from "../mirror/client.ts";
import type { Clock } from "../mirror/clock.ts";
import type { Hold } from "./guard.ts";
import type { Logger } from "./logger.ts";
import type { Pass } from "./loop.ts";
import { readKeyDrift } from "./submit-keys.ts";

/** What a {@link KeyWatch} needs. */
export interface KeyWatchOptions {
  readonly log: TopicId;
  readonly mirror: Pick<Mirror, "account" | "topic">;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Told once of each change that stays. */
  readonly onDrift: (hold: Hold) => void;
}

/** It looks once in so many heartbeats' time, and again soon where something is wrong. */
const BEATS = 6;
const AGAIN_MS = 3_000;

/**
 * Looks whether log and vitals can still be written to by everybody whom the
 * manifest names, and by nobody else: an insider may change a submit key. A
 * hand-over is not seen at one moment in a mirror node's answers, so only what
 * two looks in a row show is told.
 */
export class KeyWatch {
  readonly #options: KeyWatchOptions;
  readonly #stopping = new AbortController();
  #state: State | null = null;
  #seen = "";
  #told = "";

  constructor(options: KeyWatchOptions) {
    this.#options = options;
  }

  /** Takes note of a pass; the first one at the head begins the watch. */
  update({ state, caughtUp }: Pass): void {
    if (!caughtUp) return;
    const first = this.#state === null;
    this.#state = state;
    if (first) void this.#watch();
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
  }

  /** Looks once. @returns whether what it saw wants another look soon */
  async look(): Promise<boolean> {
    const { mirror, log, logger, onDrift } = this.#options;
    const state = this.#state;
    if (state === null) return false;
    try {
      const drift = (await readKeyDrift(mirror, state, log)).map(describeDrift).join("; ");
      const stays = drift === this.#seen;
      this.#seen = drift;
      if (!stays) return drift !== "";
      if (drift !== "" && drift !== this.#told) onDrift({ code: "SUBMIT_KEYS_CHANGED", message: drift });
      if (drift === "" && this.#told !== "") logger.info("the submit keys are the manifest's again");
      this.#told = drift;
    } catch (error) {
      logger.warn({ error: describeError(error) }, "the submit keys could not be looked at");
    }
    return false;
  }

  async #watch(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const soon = await this.look();
      const seconds = (this.#state?.manifest?.heartbeat_seconds ?? 5) * BEATS;
      await clock.sleep(soon ? AGAIN_MS : seconds * 1_000, signal);
    }
  }
}
