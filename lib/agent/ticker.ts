import { needsTick } from "../festival/duty.ts";
import { encodeEntry } from "../festival/entry/entry.ts";
import { WINDOW_SECONDS } from "../festival/obligation.ts";
import { agentOf } from "../festival/roles.ts";
import type { State } from "../festival/state.ts";
import type { TopicId } from "../hedera/id.ts";
import { addSeconds, type Timestamp } from "../hedera/timestamp.ts";
import type { Ledger } from "../ledger/client.ts";
import type { Clock } from "../mirror/clock.ts";
import type { Logger } from "./logger.ts";
import type { Pass } from "./loop.ts";

/** What a {@link Ticker} needs. */
export interface TickerOptions {
  readonly agent: string;
  readonly log: TopicId;
  readonly ledger: Pick<Ledger, "say">;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** How often the ticker looks. */
const LOOK_MS = 5_000;

/**
 * Keeps a quiet log's time moving: where a window has passed by the clock and
 * the log doesn't show it, the coordinator says `tick`. More than one does no harm.
 */
export class Ticker {
  readonly #stopping = new AbortController();
  readonly #options: TickerOptions;
  #pass: Pass | null = null;
  /** The last tick that was said: nothing is gained by another before it was read back. */
  #said: { readonly sequence: bigint; readonly at: Timestamp } | null = null;

  constructor(options: TickerOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Takes note of a pass. */
  update(pass: Pass): void {
    this.#pass = pass;
  }

  /** Ends it. */
  stop(): void {
    this.#stopping.abort();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal);
      if (!signal.aborted) await this.#look();
    }
  }

  async #look(): Promise<void> {
    const { agent, log, ledger, logger, clock } = this.#options;
    const state = this.#pass?.caughtUp ? this.#pass.state : null;
    if (state === null || agentOf(state, agent)?.role !== "coordinator") return;
    if (!needsTick(state, clock.now()) || this.#awaits(state)) return;
    const at = clock.now();
    const outcome = await ledger.say(log, encodeEntry({ v: 1, type: "tick" }));
    if (outcome.kind === "executed") this.#said = { sequence: outcome.sequence ?? 0n, at };
    logger.info({ outcome: outcome.kind }, "ticked");
  }

  /** Whether the mirror node has yet to show the last tick. After a window's time one more does no harm. */
  #awaits({ head }: State): boolean {
    if (this.#said === null || (head?.sequence ?? 0) >= this.#said.sequence) return false;
    return this.#options.clock.now() < addSeconds(this.#said.at, WINDOW_SECONDS);
  }
}
