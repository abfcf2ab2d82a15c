import { NANOS_PER_MILLI, type Timestamp } from "../../lib/hedera/timestamp.ts";
import type { Clock } from "../../lib/mirror/clock.ts";
import { createWake, type WakeSource } from "../../lib/mirror/wake.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** What an agent awaits. */
export type Step = "read" | "submit" | "receipt" | "memo" | "sleep";

/** The awaited step at which a life ends, as by `kill -9`: before it is taken, or after, when nobody learns how it went. */
export interface Crash {
  readonly step: Step;
  /** Which step of that sort, from 1. */
  readonly nth: number;
  readonly when: "before" | "after";
}

/** How a life goes. */
export interface LifeOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** How wrong the process's wall clock is. */
  readonly skewMs: number;
  readonly crash: Crash | null;
  readonly onCrash: (crash: Crash) => void;
}

/**
 * One process of an agent, from start to crash. What a dead process awaited
 * never comes: its promises stay open for ever, so not one line more of it runs.
 */
export class Life {
  readonly clock: Clock;
  readonly #options: LifeOptions;
  readonly #taken = new Map<Step, number>();
  readonly #wake = createWake();
  #dead = false;
  #frozenUntil: Timestamp = 0n;

  constructor(options: LifeOptions) {
    const { scheduler, random, skewMs } = options;
    this.#options = options;
    this.clock = {
      now: () => scheduler.now + BigInt(skewMs) * NANOS_PER_MILLI,
      sleep: (milliseconds, signal) => this.step("sleep", () => this.#sleep(milliseconds, signal)),
      random: () => random.next(),
    };
  }

  /** What wakes this process. */
  get wake(): WakeSource {
    return this.#wake;
  }

  /** Wakes the process, if it is awake to hear it. */
  ring(): void {
    if (!this.#dead && !this.isFrozen) this.#wake.ring();
  }

  /** Ends it at once. */
  kill(): void {
    this.#dead = true;
  }

  /** Stops it for a while, as SIGSTOP or a sleeping laptop does: what it awaits is there when it goes on. */
  freeze(milliseconds: number): void {
    this.#frozenUntil = this.#options.scheduler.now + BigInt(milliseconds) * NANOS_PER_MILLI;
  }

  /** Takes an awaited step: everything that this process waits for comes through here. */
  async step<T>(step: Step, take: () => Promise<T>): Promise<T> {
    const nth = (this.#taken.get(step) ?? 0) + 1;
    this.#taken.set(step, nth);
    this.#crashIf(step, nth, "before");
    if (this.#dead) return never();
    try {
      return await take();
    } finally {
      if (this.isFrozen) await this.#thaw();
      this.#crashIf(step, nth, "after");
      if (this.#dead) await never();
    }
  }

  /** Whether it is stopped for the moment. */
  get isFrozen(): boolean {
    return this.#options.scheduler.now < this.#frozenUntil;
  }

  #thaw(): Promise<void> {
    const { scheduler } = this.#options;
    return scheduler.wait(Number((this.#frozenUntil - scheduler.now) / NANOS_PER_MILLI));
  }

  #crashIf(step: Step, nth: number, when: Crash["when"]): void {
    const { crash, onCrash } = this.#options;
    if (this.#dead || crash === null) return;
    if (crash.step !== step || crash.nth !== nth || crash.when !== when) return;
    this.#dead = true;
    onCrash(crash);
  }

  #sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const finish = () => {
        cancel();
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const cancel = this.#options.scheduler.after(milliseconds, finish);
      signal?.addEventListener("abort", finish);
    });
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
