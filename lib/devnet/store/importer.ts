import type { Timestamp } from "../../hedera/timestamp.ts";
import { type Clock, systemClock } from "../clock/clock.ts";
import { type Delayed, DelayQueue } from "../clock/delay-queue.ts";
import type { RecordItem } from "../ledger/record.ts";
import type { Block } from "./schema.ts";
import type { Store, StoreSnapshot } from "./store.ts";

/** What an {@link Importer} is made of. */
export interface ImporterOptions {
  readonly store: Store;
  /** How long after consensus a record becomes visible on the mirror, in milliseconds; asked anew for each record. */
  readonly lagMs: number | (() => number);
  /** What the lag is measured by; default the machine's clock. */
  readonly clock?: Clock;
}

/** What an {@link Importer} and its store held at a moment. */
export interface ImporterSnapshot {
  readonly store: StoreSnapshot;
  readonly waiting: readonly Delayed<RecordItem>[];
}

/** Called after a block became visible, with the records in it. */
export type BlockListener = (block: Block, items: readonly RecordItem[]) => void;

/**
 * Brings the ledger's records into the store, as a mirror node's importer does:
 * everything of one turn of the event loop becomes one block, after a lag. What
 * isn't visible yet is kept in the store's journal, so that a crash loses no
 * record that a client may have seen a receipt of.
 */
export class Importer {
  readonly #store: Store;
  readonly #lagMs: () => number;
  readonly #listeners = new Set<BlockListener>();
  readonly #queue: DelayQueue<RecordItem>;
  #unjournaled: RecordItem[] = [];
  #immediate: NodeJS.Immediate | null = null;

  constructor({ store, lagMs, clock = systemClock }: ImporterOptions) {
    this.#store = store;
    this.#lagMs = typeof lagMs === "number" ? () => lagMs : lagMs;
    this.#queue = new DelayQueue({ clock, deliver: (items) => this.#import(items) });
  }

  /** Queues a record; records come in consensus order. */
  append(item: RecordItem): void {
    const lagMs = this.#lagMs();
    this.#queue.push(item, lagMs);
    if (lagMs > 0) this.#unjournaled.push(item);
    this.#immediate ??= setImmediate(() => this.persist());
  }

  /** Writes everything that was appended to the store now: visible what is due, journaled the rest. */
  persist(): void {
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#immediate = null;
    if (this.#unjournaled.length > 0) {
      this.#store.journal(this.#unjournaled);
      this.#unjournaled = [];
    }
    this.#queue.deliverDue();
  }

  /** Up to which consensus time, exclusive, everything is visible at a moment of the ledger's clock. */
  visibleUntil(now: Timestamp): Timestamp {
    const oldest = this.#queue.waiting[0]?.item.record.consensusTimestamp;
    return oldest === undefined || oldest > now ? now : oldest;
  }

  /** Calls `listener` after each block; the result ends it. */
  onBlock(listener: BlockListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Remembers what is visible and what waits, to go back to. */
  snapshot(): ImporterSnapshot {
    this.persist();
    return { store: this.#store.snapshot(), waiting: [...this.#queue.waiting] };
  }

  /** Goes back to a snapshot; what waited then waits again, until the same time. */
  revert({ store, waiting }: ImporterSnapshot): void {
    this.persist();
    this.#store.revert(
      store,
      waiting.map(({ item }) => item),
    );
    this.#queue.replace(waiting);
  }

  /** Makes everything visible that is queued, whatever the lag, and stops the timers. */
  stop(): void {
    this.persist();
    this.#queue.deliverAll();
    this.#listeners.clear();
  }

  #import(items: readonly RecordItem[]): void {
    const block = this.#store.ingest(items);
    if (block !== null) for (const listener of this.#listeners) listener(block, items);
  }
}
