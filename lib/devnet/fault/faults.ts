import { FestError } from "../../hedera/error.ts";
import type { Clock } from "../clock/clock.ts";
import { type Fault, type FaultKind, type FaultOf, readFault, type StreamKind } from "./fault.ts";
import { Throttle } from "./throttle.ts";

/** A fault that a devnet has. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** How often there was an occasion for it, and how often it struck. */
  readonly seen: number;
  readonly struck: number;
}

interface Entry {
  readonly id: string;
  readonly fault: Fault;
  readonly throttle: Throttle | null;
  seen: number;
  struck: number;
}

/** The faults with occasions of their own; the others are simply there until they are cleared. */
type Occasional = Exclude<
  FaultKind,
  "finality" | "mirror-lag" | "throttle-precheck" | "throttle-consensus" | "stream-stall"
>;

/**
 * The faults of a devnet, put in and taken out while it runs. Nothing happens
 * by chance: a fault strikes on every occasion, or on every `every`-th.
 */
export class Faults {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #lastId = 0;
  #cut = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Puts a fault in, from now on; returns its id. @throws FestError `FAULT_INVALID` */
  inject(fault: Fault): string {
    const valid = readFault(fault);
    const id = String(++this.#lastId);
    const throttle = "per_second" in valid ? new Throttle(valid.per_second, this.#clock) : null;
    this.#entries.set(id, { id, fault: valid, throttle, seen: 0, struck: 0 });
    this.#changed();
    return id;
  }

  /** Takes a fault out, or all of them. @throws FestError `FAULT_UNKNOWN` */
  clear(id?: string): void {
    if (id === undefined) this.#entries.clear();
    else if (!this.#entries.delete(id)) throw new FestError("FAULT_UNKNOWN", `there is no fault ${id}`);
    this.#changed();
  }

  /** The faults that there are, in the order in which they came. */
  get active(): readonly ActiveFault[] {
    return [...this.#entries.values()].map(({ id, fault, seen, struck }) => ({ id, fault, seen, struck }));
  }

  /** Breaks every stream that is open off, once. */
  cutStreams(): void {
    this.#cut.abort();
    this.#cut = new AbortController();
  }

  /** Aborted when the streams that are open now are broken off. */
  get cutSignal(): AbortSignal {
    return this.#cut.signal;
  }

  /** Calls `listener` whenever a fault came or went; the result ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The milliseconds that faults of a kind add up to. */
  addedMs(kind: "finality" | "mirror-lag"): number {
    let sum = 0;
    for (const { fault } of this.#entries.values()) if (fault.kind === kind) sum += fault.ms;
    return sum;
  }

  /** An occasion for faults of a kind: the first one that strikes, or null. */
  strike<Kind extends Occasional>(
    kind: Kind,
    concerns: (fault: FaultOf<Kind>) => boolean = () => true,
  ): FaultOf<Kind> | null {
    for (const entry of this.#entries.values()) {
      if (!isKind(entry.fault, kind) || !concerns(entry.fault)) continue;
      entry.seen++;
      // Out-of-date answers alternate with good ones unless it is said otherwise.
      if (entry.seen % (entry.fault.every ?? (kind === "rest-stale" ? 2 : 1)) !== 0) continue;
      entry.struck++;
      if (entry.struck === entry.fault.count) this.clear(entry.id);
      return entry.fault;
    }
    return null;
  }

  /** Whether one more transaction is too many for a throttle of a kind. */
  isThrottled(kind: "throttle-precheck" | "throttle-consensus"): boolean {
    for (const entry of this.#entries.values()) {
      if (entry.fault.kind !== kind) continue;
      entry.seen++;
      if (entry.throttle?.admits() !== false) continue;
      entry.struck++;
      return true;
    }
    return false;
  }

  /** Whether streams of a kind deliver nothing at present. */
  isStalled(stream: StreamKind): boolean {
    for (const { fault } of this.#entries.values()) {
      if (fault.kind === "stream-stall" && (fault.stream ?? stream) === stream) return true;
    }
    return false;
  }

  /** Resolves when streams of a kind deliver again, or `signal` is aborted. */
  async untilFlowing(stream: StreamKind, signal: AbortSignal): Promise<void> {
    while (this.isStalled(stream) && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          stop();
          signal.removeEventListener("abort", done);
          resolve();
        };
        const stop = this.onChange(done);
        signal.addEventListener("abort", done);
      });
    }
  }

  /** How often a stream of a kind delivers its next message: 1, or 2 where it is duplicated, or 0 where it breaks off. */
  deliveries(stream: StreamKind): 0 | 1 | 2 {
    if (this.#entries.size === 0) return 1;
    const concerns = (fault: { stream?: StreamKind | undefined }) => (fault.stream ?? stream) === stream;
    if (this.strike("stream-cut", concerns) !== null) return 0;
    return this.strike("stream-duplicate", concerns) === null ? 1 : 2;
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function isKind<Kind extends FaultKind>(fault: Fault, kind: Kind): fault is FaultOf<Kind> & Fault {
  return fault.kind === kind;
}
