import type { Clock } from "./clock.ts";
import type { WakeSource } from "./wake.ts";

/** Waits that a wake-up ends early. A wake-up between two waits is kept for the next one. */
export interface Doorbell {
  /** Resolves after `longestMs`, or at a wake-up but not before `shortestMs`, or at the signal's abort. */
  wait(shortestMs: number, longestMs: number): Promise<void>;
  /** Stops listening. */
  close(): void;
}

/** Listens to `source`, if there is one, until closed. */
export function createDoorbell(source: WakeSource | undefined, clock: Clock, signal: AbortSignal): Doorbell {
  let rung = false;
  let interrupt: (() => void) | null = null;
  const unsubscribe = source?.subscribe(() => {
    rung = true;
    interrupt?.();
  });

  return {
    async wait(shortestMs, longestMs) {
      if (shortestMs > 0) await clock.sleep(shortestMs, signal);
      const rest = longestMs - Math.max(0, shortestMs);
      if (!rung && !signal.aborted && rest > 0) {
        const gate = new AbortController();
        interrupt = () => gate.abort();
        signal.addEventListener("abort", interrupt);
        await clock.sleep(rest, gate.signal);
        signal.removeEventListener("abort", interrupt);
        interrupt = null;
      }
      rung = false;
    },
    close() {
      unsubscribe?.();
    },
  };
}
