import type { Clock } from "../clock/clock.ts";
import { DelayQueue } from "../clock/delay-queue.ts";
import type { RecordItem } from "../ledger/record.ts";
import type { MirrorSource } from "../mirror/context.ts";
import { restApp } from "../mirror/rest.ts";
import type { Importer } from "../store/importer.ts";
import type { Store } from "../store/store.ts";
import type { Faults } from "./faults.ts";
import type { Respond } from "./rest.ts";

/** What a {@link Replica} follows. */
export interface ReplicaOptions {
  readonly source: MirrorSource;
  readonly importer: Importer;
  readonly clock: Clock;
  readonly faults: Faults;
}

/**
 * A second mirror that is behind the first, for the fault `rest-stale`. It
 * starts as a copy of the first when the fault comes, and gets every later
 * block so much later. There is none while there is no such fault.
 */
export class Replica {
  readonly #options: ReplicaOptions;
  readonly #queue: DelayQueue<readonly RecordItem[]>;
  readonly #stops: (() => void)[];
  #store: Store | null = null;
  #respond: Respond | null = null;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    const deliver = (blocks: readonly (readonly RecordItem[])[]) => {
      for (const items of blocks) this.#store?.ingest(items);
    };
    this.#queue = new DelayQueue({ clock: options.clock, deliver });
    this.#stops = [
      options.faults.onChange(() => this.#follow()),
      options.importer.onBlock((_, items) => {
        if (this.#store !== null) this.#queue.push(items, this.#behindMs);
      }),
    ];
  }

  /** Answers as the replica, or as the first mirror where there is none. */
  respond(request: Request, otherwise: Respond): Response | Promise<Response> {
    // What became due in the meantime is in, however late the timer is.
    this.#queue.deliverDue();
    return (this.#respond ?? otherwise)(request);
  }

  /** Starts again from what the first mirror shows now, as after a revert. */
  reset(): void {
    this.#forget();
    this.#follow();
  }

  /** Ends it. */
  stop(): void {
    for (const stop of this.#stops) stop();
    this.#forget();
  }

  get #behindMs(): number {
    const stale = this.#options.faults.active.map(({ fault }) =>
      fault.kind === "rest-stale" ? fault.ms : 0,
    );
    return Math.max(0, ...stale);
  }

  #follow(): void {
    const isWanted = this.#behindMs > 0;
    if (!isWanted) this.#forget();
    else if (this.#store === null) {
      const { source } = this.#options;
      this.#store = source.store.copy();
      const app = restApp({ ...source, store: this.#store });
      this.#respond = (request) => app.fetch(request);
    }
  }

  #forget(): void {
    this.#queue.replace([]);
    this.#store?.close();
    this.#store = null;
    this.#respond = null;
  }
}
