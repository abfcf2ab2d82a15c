import { type Client, PrecheckStatusError, TransactionRecordQuery } from "@hashgraph/sdk";
import { ReceiptQuery } from "./receipt-query.ts";
import { sdkTransactionId } from "./sdk-value.ts";
import { UNREACHABLE, UNRECOGNIZED } from "./status.ts";
import type { Transport } from "./transport.ts";

/**
 * The SDK's client as a transport.
 *
 * @param closing aborted when the ledger is closed: what then fails was not answered
 */
export function sdkTransport(client: Client, closing: AbortSignal): Transport {
  return {
    async submit(transaction) {
      try {
        await transaction.execute(client);
        return "OK";
      } catch (error) {
        return statusOf(error, closing);
      }
    },
    async receipt(node, id) {
      try {
        const receipt = await new ReceiptQuery()
          .setTransactionId(sdkTransactionId(id))
          .setNodeAccountIds([node])
          .setValidateStatus(false)
          .execute(client);
        return { receipt, status: receipt.status.toString() };
      } catch (error) {
        return { receipt: null, status: statusOf(error, closing) };
      }
    },
    async memo(node, id) {
      try {
        const record = await new TransactionRecordQuery()
          .setTransactionId(sdkTransactionId(id))
          .setNodeAccountIds([node])
          .setValidateReceiptStatus(false)
          .execute(client);
        return record.transactionMemo;
      } catch (error) {
        statusOf(error, closing);
        return null;
      }
    },
    close: () => client.close(),
  };
}

/**
 * The status in what the SDK throws. After its last attempt it throws away the
 * status itself and keeps it in the message alone.
 *
 * @throws the error itself if it is neither the network's nor a node's answer
 */
function statusOf(error: unknown, closing: AbortSignal): string {
  if (closing.aborted) return UNREACHABLE;
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
