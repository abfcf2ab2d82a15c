import type { Tinybar } from "../hedera/amount.ts";
import type { AccountId } from "../hedera/id.ts";
import { addSeconds, type Timestamp } from "../hedera/timestamp.ts";
import type { Mirror } from "../mirror/client.ts";
import { itemsFrom } from "../mirror/page.ts";

/** Seconds of the rolling day that a budget is for. */
export const DAY_SECONDS = 86_400;

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
 * @throws MirrorError
 */
export async function* chargesAfter(
  mirror: Pick<Mirror, "transactions">,
  account: AccountId,
  after: Timestamp,
): AsyncGenerator<Charge, void, undefined> {
  const first = await mirror.transactions({ account, after, order: "asc", limit: 100 });
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

/** Whole days for which a balance lasts at so much a day; null while nothing is spent. */
export function runwayDays(balance: Tinybar, perDay: Tinybar): number | null {
  return perDay === 0n ? null : Number(balance / perDay);
}
