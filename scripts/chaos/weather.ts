import { NANOS_PER_MILLI, type Timestamp } from "../../lib/hedera/timestamp.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * How a mirror node takes a read: `cut` (no connection), `unavailable` (503),
 * `throttled` (429), `slow` (often past the timeout), `stale` (a replica with an
 * older view), `doubled` (a page that repeats itself, out of order).
 */
export type MirrorMood = "fine" | "cut" | "unavailable" | "throttled" | "slow" | "stale" | "doubled";

/**
 * How a consensus node takes a call: `unreachable` (nothing arrives), `deaf` (it
 * arrives, the answer is lost), `busy`, `slow` (minutes to consensus), `doubled`
 * (two nodes bring the same bytes to consensus), `losing` (taken and never
 * brought to consensus), `ignorant` (it knows no receipt).
 */
export type NodeMood = "fine" | "unreachable" | "deaf" | "busy" | "slow" | "doubled" | "losing" | "ignorant";

interface Spell {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly mirror: MirrorMood | null;
  readonly node: NodeMood | null;
  /** Added to the importer's lag, in milliseconds. */
  readonly lagMs: number;
  /** Nothing reaches consensus before the end. */
  readonly halt: boolean;
  /** The agent that it hits; null: all. */
  readonly victim: string | null;
}

const MIRROR_MOODS = ["cut", "unavailable", "throttled", "slow", "stale", "doubled"] as const;
const NODE_MOODS = ["unreachable", "deaf", "busy", "slow", "doubled", "losing", "ignorant"] as const;
const AGENTS = ["coordinator", "inference-001", "defi-001", "desk-001"] as const;

/** The faults of a seed: bad spells, and single mishaps between them, until everything is fine for good. */
export class Weather {
  /** What went wrong, in order. */
  readonly faults: string[] = [];
  readonly begins: Timestamp;
  /** From here on nothing goes wrong. */
  readonly clears: Timestamp;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #spells: readonly Spell[];
  /** How often a single call goes wrong. */
  readonly #mishap: number;

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.begins = scheduler.now;
    const seconds = random.pick(40, 90, 150, 300);
    this.clears = scheduler.now + ms(seconds * 1_000);
    this.#mishap = random.pick(0, 0.02, 0.05, 0.15, 0.3);
    this.#spells = Array.from({ length: random.between(0, 6) }, () => spell(scheduler.now, seconds, random));
  }

  /** How the mirror node takes the next read of an agent. */
  mirror(agent: string): MirrorMood {
    const mood = this.#mood(agent, ({ mirror }) => mirror, MIRROR_MOODS);
    if (mood !== "fine") this.note(`mirror ${mood} for ${agent}`);
    return mood;
  }

  /** How the consensus node takes the next call of an agent. */
  node(agent: string): NodeMood {
    const mood = this.#mood(agent, ({ node }) => node, NODE_MOODS);
    if (mood !== "fine") this.note(`node ${mood} for ${agent}`);
    return mood;
  }

  /** How long after consensus the mirror shows a record, in milliseconds. */
  lagMs(): number {
    const worst = Math.max(0, ...this.#now().map(({ lagMs }) => lagMs));
    if (worst > 0) this.note(`mirror lags ${worst} ms`);
    return this.#random.between(50, 1_500) + worst;
  }

  /** How far behind a stale replica is, in milliseconds. */
  staleMs(): number {
    return this.#random.pick(2_000, 20_000, 60_000, 300_000);
  }

  /** How long a transaction takes to consensus, in milliseconds. */
  latencyMs(mood: NodeMood): number {
    const halts = this.#now().filter(({ halt }) => halt);
    const halt = Math.max(0, ...halts.map(({ to }) => Number((to - this.#scheduler.now) / NANOS_PER_MILLI)));
    if (halt > 0) this.note(`consensus halts for ${halt} ms`);
    const slow = mood === "slow" ? this.#random.between(5_000, 170_000) : 0;
    return this.#random.between(200, 2_500) + slow + halt;
  }

  /** Notes something that goes wrong. */
  note(what: string): void {
    const seconds = Number((this.#scheduler.now - this.begins) / NANOS_PER_MILLI) / 1_000;
    this.faults.push(`${seconds.toFixed(3).padStart(9)} ${what}`);
  }

  #mood<Mood>(agent: string, of: (spell: Spell) => Mood | null, moods: readonly Mood[]): Mood | "fine" {
    if (this.#scheduler.now >= this.clears) return "fine";
    for (const spell of this.#now()) {
      const mood = of(spell);
      if (mood !== null && (spell.victim ?? agent) === agent && this.#random.chance(0.8)) return mood;
    }
    if (!this.#random.chance(this.#mishap)) return "fine";
    return moods[this.#random.between(0, moods.length - 1)] ?? "fine";
  }

  #now(): readonly Spell[] {
    const { now } = this.#scheduler;
    return now >= this.clears ? [] : this.#spells.filter(({ from, to }) => from <= now && now < to);
  }
}

function spell(start: Timestamp, seconds: number, random: Random): Spell {
  const from = start + ms(random.between(0, seconds * 1_000));
  // One in five is longer than a window and than a lease.
  const length = random.chance(0.2) ? random.between(185_000, 260_000) : random.between(500, 40_000);
  const kind = random.pick("mirror", "mirror", "node", "node", "lag", "halt");
  return {
    from,
    to: from + ms(length),
    mirror: kind === "mirror" ? random.pick(...MIRROR_MOODS) : null,
    node: kind === "node" ? random.pick(...NODE_MOODS) : null,
    lagMs: kind === "lag" ? random.pick(5_000, 60_000, 200_000, 400_000) : 0,
    halt: kind === "halt",
    victim: random.chance(0.5) ? random.pick(...AGENTS) : null,
  };
}

function ms(milliseconds: number): bigint {
  return BigInt(milliseconds) * NANOS_PER_MILLI;
}
