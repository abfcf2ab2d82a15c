import { NANOS_PER_MILLI, type Timestamp } from "../../lib/hedera/timestamp.ts";

interface Event {
  readonly at: Timestamp;
  readonly order: number;
  run: (() => void) | null;
}

/**
 * Virtual time: events one after the other, and between two of them everything
 * that can go on without time passing. It moves only when everybody sleeps.
 */
export class Scheduler {
  #now: Timestamp;
  #order = 0;
  readonly #heap: Event[] = [];

  constructor(start: Timestamp) {
    this.#now = start;
  }

  get now(): Timestamp {
    return this.#now;
  }

  /** Runs something after a while, unless the returned function is called before. */
  after(milliseconds: number, run: () => void): () => void {
    const at = this.#now + BigInt(Math.max(0, Math.round(milliseconds))) * NANOS_PER_MILLI;
    const event: Event = { at, order: this.#order++, run };
    this.#push(event);
    return () => {
      event.run = null;
    };
  }

  /** Resolves after a while. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Lets time pass until `done` says so. @returns false if nothing is left to happen, or not before `until` */
  async run(done: () => boolean, until: Timestamp): Promise<boolean> {
    for (;;) {
      await settled();
      if (done()) return true;
      const event = this.#pop();
      if (event === undefined || event.at > until) return false;
      this.#now = event.at;
      event.run?.();
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let child = heap.push(event) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfEarlier(child, parent)) return;
      child = parent;
    }
  }

  #pop(): Event | undefined {
    for (let event = this.#popAny(); event !== undefined; event = this.#popAny()) {
      if (event.run !== null) return event;
    }
    return undefined;
  }

  #popAny(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    heap[0] = last;
    for (let parent = 0; ; ) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      const child = isEarlier(heap[right], heap[left]) ? right : left;
      if (!this.#swapIfEarlier(child, parent)) return first;
      parent = child;
    }
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    const heap = this.#heap;
    const [below, above] = [heap[child], heap[parent]];
    if (below === undefined || above === undefined || !isEarlier(below, above)) return false;
    heap[child] = above;
    heap[parent] = below;
    return true;
  }
}

function isEarlier(a: Event | undefined, b: Event | undefined): boolean {
  if (a === undefined || b === undefined) return a !== undefined;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Resolves when every promise that can go on has gone on: they all do before the next turn of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
