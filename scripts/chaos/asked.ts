/** What a seed asks of the owner, who is a person: a task, a signature, a change of the plan. */
import type { Random } from "./random.ts";

/** A task that only a person can do. */
export interface AskedTask {
  /** `late`: answers after minutes, perhaps past the deadline; `twice`: from two terminals at once. */
  readonly manner: "prompt" | "late" | "twice" | "never";
  /** Seconds after which it fails; null: it waits for as long as it takes. */
  readonly deadline: number | null;
  /** How many of its answers miss the gate. */
  readonly misses: number;
}

/** A payment that the owner must sign. */
export interface AskedSignature {
  /**
   * `late`: only when it was asked for again; `last moment`: around the expiry; `silent`: signs,
   * as with another wallet, and says nothing.
   */
  readonly manner: "prompt" | "late" | "last moment" | "silent" | "twice" | "never";
  /** How long a schedule waits: not so short that nobody who looks now and then could be in time. */
  readonly seconds: number;
}

/** A change of the edition at work. */
export interface AskedChange {
  /** When the owner wants it, in milliseconds. */
  readonly at: number;
  readonly kind: "add" | "change" | "withdraw";
  /** Picks the task that it is about, at least 0 and below 1. */
  readonly which: number;
}

/** All of it; null: not in this seed. */
export interface Asked {
  readonly task: AskedTask | null;
  readonly signature: AskedSignature | null;
  readonly change: AskedChange | null;
}

/** Where nothing is asked of the owner. */
export const NOTHING_ASKED: Asked = { task: null, signature: null, change: null };

/** Casts a seed's owner. */
export function castOwner(random: Random): Asked {
  return {
    task: random.chance(0.35)
      ? {
          manner: random.pick("prompt", "prompt", "late", "late", "twice", "never"),
          deadline: random.chance(0.5) ? random.pick(30, 120, 400) : null,
          misses: random.pick(0, 0, 1, 2),
        }
      : null,
    signature: random.chance(0.4)
      ? {
          manner: random.pick(
            "prompt",
            "prompt",
            "late",
            "last moment",
            "last moment",
            "silent",
            "twice",
            "never",
          ),
          seconds: random.pick(45, 60, 120, 400),
        }
      : null,
    change: random.chance(0.4)
      ? {
          at: random.between(1_000, 120_000),
          kind: random.pick("add", "change", "change", "withdraw"),
          which: random.next(),
        }
      : null,
  };
}
