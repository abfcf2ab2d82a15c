import { NANOS_PER_MILLI, type Timestamp } from "../../hedera/timestamp.ts";
import { type Clock, timerMillis } from "./clock.ts";

/** Something that waits in a {@link DelayQueue}, and until when. */
export interface Delayed<Item> {
  readonly item: Item;
  readonly due: Timestamp;
}

/** What a {@link DelayQueue} is made of. */
export interface DelayQueueOptions<Item> {
  readonly clock: Clock;
  /** Takes everything that is due at a moment, in the order in which it was pushed. */
  readonly deliver: (items: readonly Item[]) => void;
}

/** Hands things on after a while, in the order in which they came: one that waits holds up those behind it. */
export class DelayQueue<Item> {
  readonly #clock: Clock;
  readonly #deliver: (items: readonly Item[]) => void;
  #waiting: Delayed<Item>[] = [];
  #sleep: AbortController | null = null;

  constructor({ clock, deliver }: DelayQueueOptions<Item>) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  /** What has not been handed on yet, the oldest first. */
  get waiting(): readonly Delayed<Item>[] {
    return this.#waiting;
  }

  /** Adds an item that is due in `delayMs` milliseconds of the clock; nothing happens until it is asked to or time passes. */
  push(item: Item, delayMs: number): void {
    const due = this.#clock.now() + BigInt(Math.ceil(delayMs)) * NANOS_PER_MILLI;
    this.#waiting.push({ item, due });
    if (this.#waiting.length === 1 && delayMs > 0) this.#schedule();
  }

  /** Hands on what is due now. */
  deliverDue(): void {
    const now = this.#clock.now();
    const first = this.#waiting.findIndex(({ due }) => due > now);
    const ready = first === -1 ? this.#waiting : this.#waiting.slice(0, first);
    this.#waiting = first === -1 ? [] : this.#waiting.slice(first);
    this.#wakeUp();
    if (ready.length > 0) this.#deliver(ready.map(({ item }) => item));
    this.#schedule();
  }

  /** Hands on everything, due or not. */
  deliverAll(): void {
    const all = this.replace([]);
    if (all.length > 0) this.#deliver(all.map(({ item }) => item));
  }

  /** Puts other things in the queue and returns those that waited in it. */
  replace(waiting: readonly Delayed<Item>[]): readonly Delayed<Item>[] {
    const before = this.#waiting;
    this.#waiting = [...waiting];
    this.#wakeUp();
    this.#schedule();
    return before;
  }

  #wakeUp(): void {
    this.#sleep?.abort();
    this.#sleep = null;
  }

  #schedule(): void {
    const next = this.#waiting[0];
    if (next === undefined || this.#sleep !== null) return;
    const sleep = new AbortController();
    this.#sleep = sleep;
    void this.#clock.sleep(timerMillis(next.due - this.#clock.now()), sleep.signal).then(() => {
      if (sleep.signal.aborted) return;
      this.#sleep = null;
      this.deliverDue();
    });
  }
}
