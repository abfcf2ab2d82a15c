import type { AccountId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import type { MirrorTransaction, TransactionReads } from "./transaction.ts";

/** The transactions of an account, as payer or as party to a transfer, in a span of consensus time. */
export interface AccountSpan {
  readonly account: AccountId;
  /** Exclusive. */
  readonly after: Timestamp;
  /** Inclusive. */
  readonly upTo: Timestamp;
}

/** The most that a mirror node gives at once. */
const PAGE = 100;

/**
 * All transactions of an account in a span, newest first, with those since; null
 * while the mirror node does not prove that it leaves none out.
 *
 * A missing record proves nothing by itself: mirror nodes lag, and two answers
 * may be of two replicas. But a replica takes in blocks in order, so one answer
 * that shows something from beyond the span shows the span whole. Of a longer
 * list each page must begin with what the one before ended with, which finds out
 * a page of a replica that is further behind.
 *
 * @throws MirrorError
 */
export async function accountSpan(
  mirror: Pick<TransactionReads, "transactions">,
  { account, after, upTo }: AccountSpan,
): Promise<readonly MirrorTransaction[] | null> {
  const found: MirrorTransaction[] = [];
  for (;;) {
    const last = found.pop();
    const before = last === undefined ? {} : { before: last.timestamp + 1n };
    const page = await mirror.transactions({ account, after, ...before, order: "desc", limit: PAGE });
    const [first] = page.items;
    if (first === undefined) return null;
    if (last === undefined ? first.timestamp <= upTo : first.timestamp !== last.timestamp) return null;
    found.push(...page.items);
    if (page.next === null) return found;
    if (page.items.length === 1) return null;
  }
}
