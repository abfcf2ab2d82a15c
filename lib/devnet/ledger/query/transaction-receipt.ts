import { proto } from "@hiero-ledger/proto";
import { priorityRecord } from "../execute/history.ts";
import type { TransactionRecord } from "../record.ts";
import { needed } from "../refusal.ts";
import { transactionIdOf } from "../wire/transaction-id.ts";
import { defineQuery } from "./query.ts";

/** `TransactionGetReceipt`: free; `UNKNOWN` while the transaction is on its way, `RECEIPT_NOT_FOUND` where it is not. */
export const TRANSACTION_GET_RECEIPT = defineQuery("transactionGetReceipt", {
  paid: false,
  answer(question, { history }) {
    const id = needed(transactionIdOf(question.transactionID), "INVALID_TRANSACTION_ID");
    const records = needed(history.find(id), "RECEIPT_NOT_FOUND");
    const priority =
      id.nonce === 0 ? priorityRecord(records) : records.find(({ nonce }) => nonce === id.nonce);
    const duplicates = records.filter((record) => record !== priority && record.nonce === 0);
    const children = records.filter(({ nonce }) => nonce > 0);
    return {
      receipt: priority ? receiptOf(priority) : { status: proto.ResponseCodeEnum.UNKNOWN },
      ...(question.includeDuplicates && { duplicateTransactionReceipts: duplicates.map(receiptOf) }),
      ...(question.includeChildReceipts && { childTransactionReceipts: children.map(receiptOf) }),
    };
  },
});

/** The receipt of a record. */
export function receiptOf(record: TransactionRecord): proto.TransactionReceipt {
  return proto.TransactionReceipt.decode(record.receipt);
}
