/**
 * Something that says when it may be worth reading again. A wake-up carries no
 * data and promises nothing: it may be missing, late, or for nothing.
 */
export interface WakeSource {
  /** Calls `listener` at every wake-up until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** A wake source that is rung by hand, for example after having submitted something. */
export interface Wake extends WakeSource {
  /** Wakes every listener. */
  ring(): void;
}

/** Makes a wake source to ring by hand. */
export function createWake(): Wake {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      // A wrapper of its own lets one function subscribe twice.
      const entry = () => listener();
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    ring() {
      for (const listener of [...listeners]) listener();
    },
  };
}

/** One wake source that wakes whenever any of `sources` does. */
export function anyWake(...sources: readonly WakeSource[]): WakeSource {
  return {
    subscribe(listener) {
      const unsubscribes = sources.map((source) => source.subscribe(listener));
      return () => {
        for (const unsubscribe of unsubscribes) unsubscribe();
      };
    },
  };
}
