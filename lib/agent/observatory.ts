import type { Outcome } from "../ledger/effect.ts";
import type { FollowState } from "../mirror/follow.ts";
import type { Performers } from "./duty.ts";
import { type HealthServer, serveHealth } from "./health.ts";
import type { Pass } from "./loop.ts";
import { Metrics, type MetricsOptions } from "./metrics.ts";
import type { Health } from "./readiness.ts";

/** What an {@link Observatory} needs. */
export interface ObservatoryOptions extends Omit<MetricsOptions, "health"> {
  /** Port of the endpoints on loopback; 0 takes a free one, null serves none. */
  readonly port: number | null;
  readonly hold: Health["hold"];
}

/** Keeps what the parts of an agent tell of themselves, and serves it as health and metrics. */
export class Observatory {
  readonly #health: Health;
  readonly #options: ObservatoryOptions;
  readonly #metrics: Metrics;
  readonly #server: HealthServer | null;

  constructor(options: ObservatoryOptions) {
    const { port, self, clock, hold } = options;
    this.#options = options;
    this.#health = { pass: null, passedAt: null, follow: null, said: null, hold };
    this.#metrics = new Metrics({ ...options, health: this.#health });
    const shown = { self, clock, health: this.#health, metrics: this.#metrics };
    this.#server = port === null ? null : serveHealth({ ...shown, port });
  }

  /** Where the endpoints are; null if there are none. */
  get port(): number | null {
    return this.#server?.port ?? null;
  }

  /** How following the log goes, as it was told last. */
  get follow(): FollowState | null {
    return this.#health.follow;
  }

  /** Takes note of a pass of the loop. */
  passed(pass: Pass): void {
    this.#health.pass = pass;
    this.#health.passedAt = this.#options.clock.now();
  }

  /** Takes note of how following the log goes. */
  followed(state: FollowState): void {
    this.#health.follow = state;
  }

  /** Takes note of what became of a vital sign. */
  said(outcome: Outcome): void {
    this.#health.said = { outcome, at: this.#options.clock.now() };
    this.#metrics.said(outcome);
  }

  /** Performers whose outcomes and times are counted. */
  measured(performers: Performers): Performers {
    return this.#metrics.measured(performers);
  }

  /** Ends the endpoints. */
  async stop(): Promise<void> {
    await this.#server?.stop();
  }
}
