import type { Ledger } from "../ledger/client.ts";
import type { Outcome } from "../ledger/effect.ts";

/** Why an agent sends nothing for now. */
export interface Hold {
  /** Stable, upper case; the code of the `agent_error` that tells of it. */
  readonly code: string;
  readonly message: string;
}

/** Decides whether an agent may send something, and hears what became of it. */
export interface Guard {
  /** Asked before each sending; null: go on. */
  admit(): Hold | null;
  /** What became of it; null if it was not even sent. */
  note?(outcome: Outcome | null): void;
}

/** What an agent sends by. */
export type Sender = Pick<Ledger, "perform" | "say">;

/**
 * A sender that asks its guards first. What they hold up is `pending`, as if no
 * node could be reached: whoever sends it tries again, and goes on when the
 * cause is gone.
 */
export function guarded(sender: Sender, guards: readonly Guard[]): Sender {
  const send = async (attempt: () => Promise<Outcome>): Promise<Outcome> => {
    for (const guard of guards) {
      const hold = guard.admit();
      if (hold !== null) return { kind: "pending", status: hold.code };
    }
    let outcome: Outcome | null = null;
    try {
      outcome = await attempt();
      return outcome;
    } finally {
      for (const guard of guards) guard.note?.(outcome);
    }
  };
  return {
    perform: (effect, options) => send(() => sender.perform(effect, options)),
    say: (topic, message, options) => send(() => sender.say(topic, message, options)),
  };
}
