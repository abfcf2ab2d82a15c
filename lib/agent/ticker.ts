import { needsTick } from "../festival/duty.ts";
import { encodeEntry } from "../festival/entry/entry.ts";
import { agentOf } from "../festival/roles.ts";
import type { TopicId } from "../hedera/id.ts";
import { fromMillis } from "../hedera/timestamp.ts";
import type { Ledger } from "../ledger/client.ts";
import type { Logger } from "./logger.ts";
import type { Pass } from "./loop.ts";

/** How often the ticker looks. */
const LOOK_MS = 5_000;

/**
 * Keeps a quiet log's time moving: where a window has passed by the clock and
 * the log doesn't show it, the coordinator says `tick`. More than one does no harm.
 */
export class Ticker {
  readonly #timer: ReturnType<typeof setInterval>;
  #pass: Pass | null = null;

  constructor(options: { agent: string; log: TopicId; ledger: Pick<Ledger, "say">; logger: Logger }) {
    const { agent, log, ledger, logger } = options;
    this.#timer = setInterval(() => {
      const state = this.#pass?.caughtUp ? this.#pass.state : null;
      if (state === null || agentOf(state, agent)?.role !== "coordinator") return;
      if (!needsTick(state, fromMillis(Date.now()))) return;
      ledger
        .say(log, encodeEntry({ v: 1, type: "tick" }))
        .then((outcome) => logger.info({ outcome: outcome.kind }, "ticked"))
        .catch((error: unknown) => logger.warn({ error: String(error) }, "could not tick"));
    }, LOOK_MS);
  }

  /** Takes note of a pass. */
  update(pass: Pass): void {
    this.#pass = pass;
  }

  /** Ends it. */
  stop(): void {
    clearInterval(this.#timer);
  }
}
