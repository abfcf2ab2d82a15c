import { formatHbar, type Tinybar } from "../hedera/amount.ts";
import { describeError } from "../hedera/error.ts";
import type { AccountId } from "../hedera/id.ts";
import { addSeconds, NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";
import type { Mirror } from "../mirror/client.ts";
import type { Clock } from "../mirror/clock.ts";
import type { Guard, Hold } from "./guard.ts";
import type { Logger } from "./logger.ts";
import { chargesAfter, DAY_SECONDS } from "./spending.ts";

/** What an agent may spend. */
export interface SpendingLimits {
  /** Fees of any 24 hours; null: no limit. */
  readonly perDay: Tinybar | null;
  /** The balance below which it sends nothing. */
  readonly floor: Tinybar;
}

/** What an account has, and was charged in fees in 24 hours; null where that is not known or not looked at. */
export interface Means {
  readonly balance: Tinybar | null;
  readonly spent: Tinybar | null;
}

/** What a {@link Purse} needs. */
export interface PurseOptions {
  readonly account: AccountId;
  readonly limits: SpendingLimits;
  readonly mirror: Pick<Mirror, "balance" | "transactions">;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Told whenever spending has to stop. */
  readonly onHold: (hold: Hold) => void;
}

/** How often it looks. */
const LOOK_MS = 10_000;
/** Fees are kept by so many seconds, so that a busy day takes no more room than a quiet one. */
const SLOT_SECONDS = 600;
const SLOT = BigInt(SLOT_SECONDS) * NANOS_PER_SECOND;

/**
 * Keeps an agent within its means: looks at its balance and at the fees that it
 * was charged in the last 24 hours, both as the mirror node has them, and stops
 * it while a limit is passed. Fees count for up to ten minutes more than a day.
 * What it could not read changes nothing.
 */
export class Purse implements Guard {
  readonly #options: PurseOptions;
  readonly #stopping = new AbortController();
  readonly #slots = new Map<bigint, Tinybar>();
  #readTo: Timestamp;
  #hold: Hold | null = null;
  #means: Means = { balance: null, spent: null };

  constructor(options: PurseOptions) {
    this.#options = options;
    this.#readTo = addSeconds(options.clock.now(), -DAY_SECONDS);
  }

  /** What it saw when it last looked. */
  get means(): Means {
    return this.#means;
  }

  /** Why the agent may not spend now, or null. */
  get hold(): Hold | null {
    return this.#hold;
  }

  admit(): Hold | null {
    return this.#hold;
  }

  /** Looks again and again until {@link stop}. */
  async watch(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.look();
      await clock.sleep(LOOK_MS, signal);
    }
  }

  /** Ends {@link watch}. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Looks once. */
  async look(): Promise<void> {
    const { logger, onHold } = this.#options;
    try {
      const hold = await this.#judge();
      const before = this.#hold;
      this.#hold = hold;
      if (hold !== null && before?.code !== hold.code) onHold(hold);
      if (hold === null && before !== null) logger.info({ was: before.code }, "may spend again");
    } catch (error) {
      logger.warn({ error: describeError(error) }, "what it has and has spent could not be read");
    }
  }

  async #judge(): Promise<Hold | null> {
    const { account, mirror, limits } = this.#options;
    const { perDay, floor } = limits;
    const balance = await mirror.balance(account);
    this.#means = { ...this.#means, balance: balance?.hbar ?? null };
    if (balance !== null && balance.hbar < floor) {
      const message = `the account has ${formatHbar(balance.hbar)} HBAR, its floor is ${formatHbar(floor)}`;
      return { code: "BALANCE_LOW", message };
    }
    if (perDay === null) return null;
    const spent = await this.#spent();
    this.#means = { ...this.#means, spent };
    if (spent < perDay) return null;
    const message = `fees of 24 hours are ${formatHbar(spent)} HBAR, the budget is ${formatHbar(perDay)}`;
    return { code: "BUDGET_SPENT", message };
  }

  async #spent(): Promise<Tinybar> {
    const { account, mirror, clock } = this.#options;
    for await (const { timestamp, fee } of chargesAfter(mirror, account, this.#readTo)) {
      const slot = timestamp / SLOT;
      this.#slots.set(slot, (this.#slots.get(slot) ?? 0n) + fee);
      this.#readTo = timestamp;
    }
    const oldest = addSeconds(clock.now(), -DAY_SECONDS) / SLOT;
    let spent = 0n;
    for (const [slot, fees] of this.#slots) {
      if (slot < oldest) this.#slots.delete(slot);
      else spent += fees;
    }
    return spent;
  }
}
