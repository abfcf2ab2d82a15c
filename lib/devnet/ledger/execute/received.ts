import { LIMITS } from "../limits.ts";
import { need, Refusal } from "../refusal.ts";
import type { Status } from "../status.ts";
import { decodeTransaction, type SignedTransaction } from "../wire/transaction.ts";

/** A transaction as it came over the wire: decoded, or why that was impossible. */
export type Received =
  | { readonly signed: SignedTransaction; readonly refusal: null }
  | { readonly signed: null; readonly refusal: Status };

/** Decodes a protobuf `Transaction`; what is wrong with it is for pre-check to answer. */
export function received(bytes: Uint8Array): Received {
  try {
    need(bytes.length <= LIMITS.transactionBytes, "TRANSACTION_OVERSIZE");
    return { signed: decodeTransaction(bytes), refusal: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { signed: null, refusal: error.status };
  }
}

/** Decodes a transaction and has its signatures checked by other threads. */
export async function receivedAndChecked(bytes: Uint8Array): Promise<Received> {
  const transaction = received(bytes);
  await transaction.signed?.signatures.checkAhead();
  return transaction;
}
