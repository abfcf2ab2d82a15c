import type { Ledger } from "../ledger/client.ts";
import type { Performed, Performer, Performers } from "./duty.ts";

/** Why an agent sends nothing for now. */
export interface Hold {
  /** Stable, upper case; the code of the `agent_error` that tells of it. */
  readonly code: string;
  readonly message: string;
}

/** Decides whether an agent may perform something, and hears what became of it. */
export interface Guard {
  /** Asked before; null: go on. */
  admit(): Hold | null;
  /** What became of what was admitted; null if it was thrown out by an error. */
  note?(performed: Performed | null): void;
}

/**
 * Performers that ask the guards first; what is held up waits, and goes on when
 * the cause is gone. A performance is held up as a whole and never in the
 * middle: the entry that says that an effect failed must still get through.
 */
export function guardPerformers(performers: Performers, guards: readonly Guard[]): Performers {
  const guarded = Object.entries(performers).map(([kind, perform]) => [kind, guard(perform, guards)]);
  return Object.fromEntries(guarded);
}

function guard(perform: Performer, guards: readonly Guard[]): Performer {
  return async (duty) => {
    const hold = holdOf(guards);
    if (hold !== null) return { kind: "wait", reason: hold.message };
    let performed: Performed | null = null;
    try {
      performed = await perform(duty);
      return performed;
    } finally {
      for (const one of guards) one.note?.(performed);
    }
  };
}

/** The same for what discharges no obligation: it is `pending` while it is held up. */
export function guardSaying(ledger: Pick<Ledger, "say">, guards: readonly Guard[]): Pick<Ledger, "say"> {
  return {
    say: async (topic, message, options) => {
      const hold = holdOf(guards);
      return hold === null ? ledger.say(topic, message, options) : { kind: "pending", status: hold.code };
    },
  };
}

function holdOf(guards: readonly Guard[]): Hold | null {
  for (const one of guards) {
    const hold = one.admit();
    if (hold !== null) return hold;
  }
  return null;
}
