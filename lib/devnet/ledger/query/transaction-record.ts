import type { proto } from "@hiero-ledger/proto";
import type { TokenId } from "../../../hedera/id.ts";
import { priorityRecord } from "../execute/history.ts";
import type { TransactionRecord } from "../record.ts";
import { needed } from "../refusal.ts";
import type { State } from "../state/state.ts";
import { wireAccountId, wireScheduleId, wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";
import { transactionIdOf, wireTransactionId } from "../wire/transaction-id.ts";
import { defineQuery } from "./query.ts";
import { receiptOf } from "./transaction-receipt.ts";

/** `TransactionGetRecord`, for as long as receipts are kept. */
export const TRANSACTION_GET_RECORD = defineQuery("transactionGetRecord", {
  paid: true,
  answer(question, { history, state }) {
    const id = needed(transactionIdOf(question.transactionID), "INVALID_TRANSACTION_ID");
    const records = needed(history.find(id), "RECORD_NOT_FOUND");
    const priority = needed(priorityRecord(records), "RECORD_NOT_FOUND");
    const duplicates = records.filter((record) => record !== priority && record.nonce === 0);
    const children = records.filter(({ nonce }) => nonce > 0);
    const wire = (record: TransactionRecord) => wireRecord(record, state);
    return {
      transactionRecord: wire(priority),
      ...(question.includeDuplicates && { duplicateTransactionRecords: duplicates.map(wire) }),
      ...(question.includeChildRecords && { childTransactionRecords: children.map(wire) }),
    };
  },
});

function wireRecord(record: TransactionRecord, state: State): proto.ITransactionRecord {
  const scheduleRef = record.scheduled ? scheduleOf(record, state) : undefined;
  return {
    receipt: receiptOf(record),
    transactionHash: record.transactionHash,
    consensusTimestamp: wireTimestamp(record.consensusTimestamp),
    transactionID: wireTransactionId(record),
    memo: Buffer.from(record.memo).toString(),
    transactionFee: toLong(record.chargedFee),
    transferList: {
      accountAmounts: record.transfers.map(({ account, amount }) => ({
        accountID: wireAccountId(account),
        amount: toLong(amount),
      })),
    },
    tokenTransferLists: tokenTransferLists(record),
    ...(scheduleRef && { scheduleRef: wireScheduleId(scheduleRef.id) }),
    ...(record.parentConsensusTimestamp !== null && {
      parentConsensusTimestamp: wireTimestamp(record.parentConsensusTimestamp),
    }),
  };
}

function scheduleOf(record: TransactionRecord, state: State) {
  return state.schedules.entities
    .values()
    .find(
      ({ transactionId: { payer, validStart } }) =>
        payer === record.payer && validStart === record.validStart,
    );
}

function tokenTransferLists(record: TransactionRecord): proto.ITokenTransferList[] {
  const lists = new Map<TokenId, proto.IAccountAmount[]>();
  for (const { token, account, amount } of record.tokenTransfers) {
    const transfers = lists.get(token) ?? [];
    transfers.push({ accountID: wireAccountId(account), amount: toLong(amount) });
    lists.set(token, transfers);
  }
  return [...lists].map(([token, transfers]) => ({ token: wireTokenId(token), transfers }));
}
