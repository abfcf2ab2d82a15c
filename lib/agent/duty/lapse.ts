import { EXPIRY_MARGIN } from "../../festival/rules/approval.ts";
import type { AccountId } from "../../hedera/id.ts";
import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import { sameTransactionId, type TransactionId } from "../../hedera/transaction-id.ts";
import { accountSpan } from "../../mirror/account-span.ts";
import type { Duty } from "../duty.ts";

/** A scheduled transaction that may have executed, or expired. */
export interface Scheduled {
  /** Its id: that of its schedule's creation. */
  readonly id: TransactionId;
  readonly expires: Timestamp;
  /** Accounts that it would be listed under; one of them must have been heard of since. */
  readonly parties: readonly AccountId[];
}

/**
 * Whether a scheduled transaction has expired for sure. That the schedule shows
 * no execution is no proof, for a replica of the mirror node may be behind; the
 * gapless list of a party's transactions to beyond the expiry is one.
 *
 * @throws MirrorError
 */
export async function hasLapsed(
  duty: Pick<Duty, "mirror" | "now">,
  { id, expires, parties }: Scheduled,
): Promise<boolean> {
  const upTo = addSeconds(expires, EXPIRY_MARGIN);
  if (duty.now() < upTo) return false;
  for (const account of new Set(parties)) {
    const span = await accountSpan(duty.mirror, { account, after: id.validStart, upTo });
    if (span !== null) return !span.some((one) => one.scheduled && sameTransactionId(one.id, id));
  }
  return false;
}
