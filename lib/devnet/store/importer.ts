import type { Timestamp } from "../../hedera/timestamp.ts";
import type { RecordItem } from "../ledger/record.ts";
import type { Block } from "./schema.ts";
import type { Store } from "./store.ts";

/** What an {@link Importer} is made of. */
export interface ImporterOptions {
  readonly store: Store;
  /** How long after consensus a record becomes visible on the mirror, in milliseconds. */
  readonly lagMs: number;
}

/** Called after a block became visible, with the records in it. */
export type BlockListener = (block: Block, items: readonly RecordItem[]) => void;

interface Queued {
  readonly item: RecordItem;
  readonly due: number;
}

/**
 * Brings the ledger's records into the store, as a mirror node's importer does:
 * everything of one turn of the event loop becomes one block, after a lag. What
 * isn't visible yet is kept in the store's journal, so that a crash loses no
 * record that a client may have seen a receipt of.
 */
export class Importer {
  readonly #store: Store;
  readonly #lagMs: number;
  readonly #listeners = new Set<BlockListener>();
  #queue: Queued[] = [];
  #unjournaled: RecordItem[] = [];
  #immediate: NodeJS.Immediate | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor({ store, lagMs }: ImporterOptions) {
    this.#store = store;
    this.#lagMs = lagMs;
  }

  /** Queues a record; records come in consensus order. */
  append(item: RecordItem): void {
    this.#queue.push({ item, due: performance.now() + this.#lagMs });
    if (this.#lagMs > 0) this.#unjournaled.push(item);
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
    this.#importDue(performance.now());
  }

  /** Up to which consensus time, exclusive, everything is visible at a moment of the ledger's clock. */
  visibleUntil(now: Timestamp): Timestamp {
    const oldest = this.#queue[0]?.item.record.consensusTimestamp;
    return oldest === undefined || oldest > now ? now : oldest;
  }

  /** Calls `listener` after each block; the result ends it. */
  onBlock(listener: BlockListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes everything visible that is queued, whatever the lag, and stops the timers. */
  stop(): void {
    this.persist();
    this.#importDue(Number.POSITIVE_INFINITY);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#listeners.clear();
  }

  #importDue(now: number): void {
    const waiting = this.#queue.findIndex(({ due }) => due > now);
    const ready = waiting === -1 ? this.#queue : this.#queue.slice(0, waiting);
    this.#queue = waiting === -1 ? [] : this.#queue.slice(waiting);
    const items = ready.map(({ item }) => item);
    const block = this.#store.ingest(items);
    if (block !== null) for (const listener of this.#listeners) listener(block, items);
    this.#schedule(now);
  }

  #schedule(now: number): void {
    const next = this.#queue[0];
    if (next === undefined || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#importDue(performance.now());
    }, next.due - now);
  }
}
