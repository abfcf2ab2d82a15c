import { TransactionReceipt } from "@hashgraph/sdk";
import { proto } from "@hiero-ledger/proto";
import type { CheckedTransaction, Ledger as DevnetLedger } from "../../devnet/ledger/ledger.ts";
import type { TransactionId } from "../../hedera/transaction-id.ts";
import { sdkTransactionId } from "../sdk-value.ts";
import type { ReceiptAnswer, Transport } from "../transport.ts";

/** What a transport without sockets is made of. */
export interface DevnetTransportOptions {
  readonly ledger: DevnetLedger;
  /** Gets what passed pre-check, to bring it to consensus now or later. */
  readonly send: (transaction: CheckedTransaction) => void;
  /** The memo of a transaction that reached consensus, or null. */
  readonly memo: (id: TransactionId) => string | null;
}

/** The way to a devnet's ledger in this process: the real transactions, without gRPC. */
export function devnetTransport({ ledger, send, memo }: DevnetTransportOptions): Transport {
  return {
    async submit(transaction) {
      const [first] = proto.TransactionList.decode(transaction.toBytes()).transactionList;
      const { status, transaction: checked } = ledger.precheck(
        proto.Transaction.encode(first ?? {}).finish(),
      );
      if (checked) send(checked);
      return status;
    },
    receipt: async (_, id) => receiptOf(ledger, id),
    memo: async (_, id) => memo(id),
    close: () => undefined,
  };
}

function receiptOf(ledger: DevnetLedger, id: TransactionId): ReceiptAnswer {
  const transactionID = sdkTransactionId(id)._toProtobuf();
  const query = proto.Query.encode({ transactionGetReceipt: { transactionID } }).finish();
  const { transactionGetReceipt: answer } = proto.Response.decode(ledger.query(query));
  const code = answer?.header?.nodeTransactionPrecheckCode ?? proto.ResponseCodeEnum.OK;
  if (!answer?.receipt || code !== proto.ResponseCodeEnum.OK) {
    return { receipt: null, status: proto.ResponseCodeEnum[code] };
  }
  const receipt = TransactionReceipt.fromBytes(proto.TransactionGetReceiptResponse.encode(answer).finish());
  return { receipt, status: receipt.status.toString() };
}
