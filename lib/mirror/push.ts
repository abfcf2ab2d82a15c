import type { Timestamp } from "../hedera/timestamp.ts";
import { type Backoff, backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { createWake, type WakeSource } from "./wake.ts";

/** Whether a connection that pushes is up. */
export type PushState = "connecting" | "open" | "closed";

/** What such a connection is doing. */
export interface PushHealth {
  readonly state: PushState;
  /** Local time of the last that was heard from the other side, whatever it said. */
  readonly heardAt: Timestamp | null;
  /** Connections that ended since the last one that proved to last. */
  readonly failures: number;
  /** Why the last connection ended, while there is no other. */
  readonly reason: string | null;
}

/** A connection that pushes and that comes back by itself, as a wake source. */
export interface PushSource extends WakeSource {
  readonly health: PushHealth;
  /** Calls `listener` at every change of state until the returned function is called. */
  onHealth(listener: (health: PushHealth) => void): () => void;
  /** Ends the connection for good. */
  close(): void;
}

/** What one connection tells of itself while it stands. */
export interface PushReports {
  /** The other side said something. */
  heard(): void;
  /** It is up; wakes too, since something may have been missed. */
  opened(): void;
  /** It has proved to last, so the next one to fail is the first again. */
  lasts(): void;
  /** It pushed something that is worth a look. */
  wake(): void;
}

/** How to keep connected. */
export interface PushOptions {
  /** One connection, from opening to its end: resolves with why it failed, or with null if it is no failure. */
  readonly connect: (reports: PushReports, signal: AbortSignal) => Promise<string | null>;
  readonly clock: Clock;
  /** Waits between connections of which the last one failed. */
  readonly backoff: Backoff;
}

/** Makes one connection after another until it is closed, and keeps account of how they fare. */
export function keepConnected({ connect, clock, backoff }: PushOptions): PushSource {
  const wake = createWake();
  const healthListeners = createWake();
  const closing = new AbortController();
  let health: PushHealth = { state: "connecting", heardAt: null, failures: 0, reason: null };

  const update = (change: Partial<PushHealth>) => {
    const changed = change.state !== undefined && change.state !== health.state;
    health = { ...health, ...change };
    if (changed) healthListeners.ring();
  };
  const reports: PushReports = {
    heard: () => update({ heardAt: clock.now() }),
    opened() {
      update({ state: "open", reason: null });
      wake.ring();
    },
    lasts: () => update({ failures: 0 }),
    wake: wake.ring,
  };

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      update({ state: "connecting" });
      const reason = await connect(reports, closing.signal);
      if (closing.signal.aborted) break;
      if (reason === null) continue;
      update({ state: "closed", reason, failures: health.failures + 1 });
      await clock.sleep(backoffMs(backoff, health.failures, clock), closing.signal);
    }
    update({ state: "closed", reason: "closed by us" });
  }
  void run();

  return {
    get health() {
      return health;
    },
    subscribe: wake.subscribe,
    onHealth: (listener) => healthListeners.subscribe(() => listener(health)),
    close: () => closing.abort(),
  };
}
