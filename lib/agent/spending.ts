import type { Tinybar } from "../hedera/amount.ts";
import type { AccountId } from "../hedera/id.ts";
import { addSeconds, NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";
import type { Mirror } from "../mirror/client.ts";
import { itemsFrom } from "../mirror/page.ts";

/** Seconds of the rolling day that a budget is for. */
export const DAY_SECONDS = 86_400;
const DAY = BigInt(DAY_SECONDS) * NANOS_PER_SECOND;

/** A fee that an account was charged, and when, in consensus time. */
export interface Charge {
  readonly timestamp: Timestamp;
  readonly fee: Tinybar;
}

/**
 * The fees that an account was charged after a moment, oldest first: of what it
 * paid for itself, whether it succeeded or not. A batch and its members are
 * charged apart, and each stands for itself.
 *
 * @param to the last moment that counts; without it, everything that there is
 * @throws MirrorError
 */
export async function* chargesAfter(
  mirror: Pick<Mirror, "transactions">,
  account: AccountId,
  after: Timestamp,
  to?: Timestamp,
): AsyncGenerator<Charge, void, undefined> {
  const bound = to === undefined ? {} : { before: to + 1n };
  const first = await mirror.transactions({ account, after, ...bound, order: "asc", limit: 100 });
  for await (const { id, timestamp, chargedFee: fee } of itemsFrom(first)) {
    if (id.payer === account && fee > 0n) yield { timestamp, fee };
  }
}

/** What an account was charged in fees in the last 24 hours. @throws MirrorError */
export async function spentInADay(
  mirror: Pick<Mirror, "transactions">,
  account: AccountId,
  now: Timestamp,
): Promise<Tinybar> {
  let spent = 0n;
  for await (const { fee } of chargesAfter(mirror, account, addSeconds(now, -DAY_SECONDS))) spent += fee;
  return spent;
}

/** Transactions that are read at most to tell what an account spends a day. */
const MOST_READ = 2_000;

/**
 * The same for who asks often: exact up to 2,000 transactions a day; of a busier
 * account, what the newest of them came to, for a day.
 *
 * @param most how many transactions are read
 * @throws MirrorError
 */
export async function spentPerDay(
  mirror: Pick<Mirror, "transactions">,
  account: AccountId,
  now: Timestamp,
  most = MOST_READ,
): Promise<Tinybar> {
  const after = addSeconds(now, -DAY_SECONDS);
  const first = await mirror.transactions({ account, after, order: "desc", limit: Math.min(100, most) });
  let [spent, read] = [0n, 0];
  for await (const { id, timestamp, chargedFee: fee } of itemsFrom(first)) {
    if (id.payer === account) spent += fee;
    read += 1;
    if (read === most && timestamp < now) return (spent * DAY) / (now - timestamp);
  }
  return spent;
}

/** Whole days for which a balance lasts at so much a day; null while nothing is spent. */
export function runwayDays(balance: Tinybar, perDay: Tinybar): number | null {
  return perDay === 0n ? null : Number(balance / perDay);
}
