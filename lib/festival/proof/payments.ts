import type { AccountId, TokenId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { TransactionId } from "../../hedera/transaction-id.ts";
import type { Entry } from "../entry/entry.ts";
import type { State } from "../state.ts";
import type { Expectation } from "./legs.ts";

/** A payment that the log says was made. */
export interface PaymentRecord {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly edition: number;
  readonly task: string;
  readonly agent: string;
  /** Who paid: the account that the entry came from, or whose schedule the owner signed. */
  readonly payer: AccountId;
  /** The owner signed it: it executed as a schedule and not in a batch with its entry. */
  readonly scheduled: boolean;
  readonly account: AccountId;
  readonly amount: bigint;
  readonly token: TokenId;
  readonly transfer: TransactionId;
}

/** The payment that an accepted entry settles, if it is one. */
export function paymentIn(entry: Entry, { edition }: State): PaymentRecord | null {
  if (entry.name !== "payment_settled" || edition === null) return null;
  const { task_id: task, to, payload } = entry.body;
  const paid = edition.tasks.get(task);
  if (!paid?.payment) return null;
  const { payment } = paid;
  const scheduled = paid.spec.approval !== undefined;
  return {
    sequence: entry.stamp.sequence,
    timestamp: entry.stamp.timestamp,
    edition: edition.number,
    task,
    agent: to,
    payer: scheduled ? payload.transfer.payer : entry.stamp.payer,
    scheduled,
    account: payment.account,
    amount: payload.amount,
    token: payload.token_id,
    transfer: payload.transfer,
  };
}

/** What the mirror node must show for a payment to be real; null where a reward of nothing moves nothing. */
export function transferOf({
  payer,
  scheduled,
  account,
  amount,
  token,
  transfer,
}: PaymentRecord): Expectation | null {
  if (amount === 0n) return null;
  const legs = [
    { account: payer, token, amount: -amount },
    { account, token, amount },
  ];
  return { transaction: transfer, scheduled, legs };
}
