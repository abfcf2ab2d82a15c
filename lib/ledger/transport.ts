import type { AccountId as SdkAccountId, Transaction, TransactionReceipt } from "@hashgraph/sdk";
import type { TransactionId } from "../hedera/transaction-id.ts";

/** A receipt, or the status by which a node said that it has none. */
export type ReceiptAnswer =
  | { readonly receipt: TransactionReceipt; readonly status: string }
  | { readonly receipt: null; readonly status: string };

/**
 * The way to the consensus nodes. One call is one attempt at one node; what to
 * do next is for `deliver.ts` to decide. A node that doesn't answer is a status
 * (`UNREACHABLE`), never an exception.
 */
export interface Transport {
  /**
   * Sends a transaction, frozen for one node and signed, to that node.
   *
   * @returns the pre-check answer: `OK`, a refusal, `BUSY`, or `UNREACHABLE`
   */
  submit(transaction: Transaction): Promise<string>;
  /** Asks a node for a receipt. Free; a node keeps receipts for 3 minutes. */
  receipt(node: SdkAccountId, id: TransactionId): Promise<ReceiptAnswer>;
  /**
   * Asks a node for a transaction's memo. Costs the query's fee (USD 0.0001).
   *
   * @returns null if the node did not answer or has no record
   */
  memo(node: SdkAccountId, id: TransactionId): Promise<string | null>;
  /** Closes every connection. */
  close(): void;
}
