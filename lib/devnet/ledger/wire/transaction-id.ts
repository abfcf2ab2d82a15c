import type { proto } from "@hiero-ledger/proto";
import type { AccountId } from "../../../hedera/id.ts";
import type { Timestamp } from "../../../hedera/timestamp.ts";
import { accountIdOf, wireAccountId } from "./id.ts";
import { timestampFrom, wireTimestamp } from "./time.ts";

/** A `TransactionID` with all four of its fields. */
export interface FullTransactionId {
  readonly payer: AccountId;
  readonly validStart: Timestamp;
  readonly scheduled: boolean;
  readonly nonce: number;
}

/** The id of a protobuf `TransactionID`; null where payer or valid start is absent. */
export function transactionIdOf(id: proto.ITransactionID | null | undefined): FullTransactionId | null {
  const payer = accountIdOf(id?.accountID);
  if (!id?.transactionValidStart || payer === null) return null;
  return {
    payer,
    validStart: timestampFrom(id.transactionValidStart),
    scheduled: id.scheduled === true,
    nonce: id.nonce ?? 0,
  };
}

/** A protobuf `TransactionID`. */
export function wireTransactionId(id: FullTransactionId): proto.ITransactionID {
  return {
    accountID: wireAccountId(id.payer),
    transactionValidStart: wireTimestamp(id.validStart),
    ...(id.scheduled && { scheduled: true }),
    ...(id.nonce !== 0 && { nonce: id.nonce }),
  };
}

/** A text that two ids share exactly when they are the same but for the nonce; receipts are kept under it. */
export function transactionIdKey(id: Omit<FullTransactionId, "nonce">): string {
  return `${id.payer}@${id.validStart}${id.scheduled ? "?scheduled" : ""}`;
}
