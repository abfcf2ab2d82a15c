import type { AccountId } from "../../hedera/id.ts";
import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";
import { itemsFrom } from "../../mirror/page.ts";
import type { MirrorTransaction } from "../../mirror/transaction.ts";

/** Something of an account's transaction that is worth keeping, with its consensus time. */
export interface Kept {
  readonly at: Timestamp;
}

/** What is younger is read again the next time: a replica of the mirror node may not have had all of it. */
export const SETTLED_SECONDS = 60;

/**
 * An account's transactions as a mirror node has them, each read once. Only what
 * `pick` makes of them is kept, and only for as long as it is asked for.
 */
export class History<T extends Kept> {
  readonly #mirror: Mirror;
  readonly #account: AccountId;
  readonly #pick: (transaction: MirrorTransaction) => T | null;
  #rows: readonly T[] = [];
  /** What is kept is whole from the one to the other, both excluded and included. */
  #from: Timestamp | null = null;
  #until: Timestamp = 0n;

  constructor(mirror: Mirror, account: AccountId, pick: (transaction: MirrorTransaction) => T | null) {
    this.#mirror = mirror;
    this.#account = account;
    this.#pick = pick;
  }

  /** What happened after `from` and up to `to`, in order of consensus time. @throws MirrorError */
  async between(from: Timestamp, to: Timestamp): Promise<readonly T[]> {
    const whole = this.#from !== null && this.#from <= from;
    const known = whole ? this.#rows.filter(({ at }) => at > from && at <= this.#until) : [];
    const after = whole && this.#until > from ? this.#until : from;
    const fresh = after < to ? await this.#read(after, to) : [];
    const rows = [...known, ...fresh];
    const settled = addSeconds(to, -SETTLED_SECONDS);
    if (settled > after) {
      this.#rows = rows.filter(({ at }) => at <= settled);
      this.#from = from;
      this.#until = settled;
    }
    return rows.filter(({ at }) => at <= to);
  }

  async #read(after: Timestamp, to: Timestamp): Promise<T[]> {
    const rows: T[] = [];
    const query = { account: this.#account, after, before: to + 1n, limit: 100, order: "asc" } as const;
    for await (const transaction of itemsFrom(await this.#mirror.transactions(query))) {
      const row = this.#pick(transaction);
      if (row !== null) rows.push(row);
    }
    return rows;
  }
}
