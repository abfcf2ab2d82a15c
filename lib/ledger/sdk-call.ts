import {
  PrecheckStatusError,
  type AccountId as SdkAccountId,
  type Transaction,
  type TransactionReceipt,
  TransactionReceiptQuery,
  TransactionRecordQuery,
} from "@hashgraph/sdk";
import type { TransactionId } from "../hedera/transaction-id.ts";
import { sdkTransactionId } from "./sdk-value.ts";
import type { Session } from "./session.ts";
import { UNREACHABLE, UNRECOGNIZED } from "./status.ts";

/**
 * Sends a transaction, frozen for one node and signed, to that node, once.
 *
 * @returns the pre-check answer: `OK`, a refusal, `BUSY`, or {@link UNREACHABLE}
 */
export async function submitOnce(session: Session, transaction: Transaction): Promise<string> {
  try {
    await transaction.execute(session.client);
    return "OK";
  } catch (error) {
    return statusOf(session, error);
  }
}

/** A receipt, or the status by which a node said that it has none. */
export type ReceiptAnswer =
  | { readonly receipt: TransactionReceipt; readonly status: string }
  | { readonly receipt: null; readonly status: string };

/** Asks one node for a receipt, once. Free; a node keeps receipts for 3 minutes. */
export async function receiptOnce(
  session: Session,
  node: SdkAccountId,
  id: TransactionId,
): Promise<ReceiptAnswer> {
  try {
    const receipt = await new TransactionReceiptQuery()
      .setTransactionId(sdkTransactionId(id))
      .setNodeAccountIds([node])
      .setValidateStatus(false)
      .execute(session.client);
    return { receipt, status: receipt.status.toString() };
  } catch (error) {
    return { receipt: null, status: statusOf(session, error) };
  }
}

/**
 * Asks one node for a transaction's memo. Costs the query's fee (USD 0.0001).
 *
 * @returns null if the node did not answer or has no record
 */
export async function memoOnce(
  session: Session,
  node: SdkAccountId,
  id: TransactionId,
): Promise<string | null> {
  try {
    const record = await new TransactionRecordQuery()
      .setTransactionId(sdkTransactionId(id))
      .setNodeAccountIds([node])
      .setValidateReceiptStatus(false)
      .execute(session.client);
    return record.transactionMemo;
  } catch (error) {
    statusOf(session, error);
    return null;
  }
}

/**
 * The status in what the SDK throws. After its last attempt it throws away the
 * status itself and keeps it in the message alone.
 *
 * @throws the error itself if it is neither the network's nor a node's answer
 */
function statusOf(session: Session, error: unknown): string {
  if (session.closing.aborted) return UNREACHABLE;
  if (error instanceof PrecheckStatusError) return error.status.toString();
  if (!(error instanceof Error)) throw error;
  if (error.message.startsWith("(BUG) Status.fromCode()")) return UNRECOGNIZED;
  const last = /^max attempts of \d+ was reached for request with last error being: (.*)$/s.exec(
    error.message,
  );
  if (last) return /^[A-Z][A-Z_]+$/.test(last[1] ?? "") ? (last[1] ?? UNREACHABLE) : UNREACHABLE;
  const unanswered =
    error.name === "GrpcServiceError" ||
    error.message === "timeout exceeded" ||
    error.message.startsWith("Network connectivity issue");
  if (unanswered) return UNREACHABLE;
  throw error;
}
