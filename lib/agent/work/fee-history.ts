import type { Tinybar } from "../../hedera/amount.ts";
import type { AccountId } from "../../hedera/id.ts";
import { addSeconds, NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";
import { chargesAfter } from "../spending.ts";
import { SETTLED_SECONDS } from "./history.ts";

const HOUR = 3_600n * NANOS_PER_SECOND;

/**
 * The fees that an account was charged, as a mirror node has them, each read
 * once. Only sums are kept, one an hour, so that a busy day takes no more room
 * than a quiet one.
 */
export class FeeHistory {
  readonly #mirror: Pick<Mirror, "transactions">;
  readonly #account: AccountId;
  /** Settled fees by the hour that they belong to, see {@link hourOf}. */
  #hours: ReadonlyMap<bigint, Tinybar> = new Map();
  /** What is kept is whole from the one to the other, both excluded and included. */
  #from: Timestamp | null = null;
  #until: Timestamp = 0n;

  constructor(mirror: Pick<Mirror, "transactions">, account: AccountId) {
    this.#mirror = mirror;
    this.#account = account;
  }

  /**
   * What was charged after `from` and up to `to`.
   *
   * @param from on a full hour, or the same as the last time
   * @param to not before that of the last time
   * @throws MirrorError
   */
  async between(from: Timestamp, to: Timestamp): Promise<Tinybar> {
    const whole = this.#from !== null && this.#from <= from;
    const known = whole ? [...this.#hours].filter(([hour]) => hour >= from / HOUR) : [];
    const hours = new Map(known);
    const after = whole && this.#until > from ? this.#until : from;
    const settled = addSeconds(to, -SETTLED_SECONDS);
    let unsettled = 0n;
    for await (const { timestamp, fee } of chargesAfter(this.#mirror, this.#account, after, to)) {
      const hour = hourOf(timestamp);
      if (timestamp > settled) unsettled += fee;
      else hours.set(hour, (hours.get(hour) ?? 0n) + fee);
    }
    if (settled > after) {
      this.#hours = hours;
      this.#from = from;
      this.#until = settled;
    }
    return hours.values().reduce((sum, fee) => sum + fee, unsettled);
  }
}

/** The hour that a moment belongs to, counted from 1970. A full hour ends one: whoever asks from then on leaves it out. */
function hourOf(at: Timestamp): bigint {
  return (at - 1n) / HOUR;
}
