import { FestError, type FestErrorOptions } from "../hedera/error.ts";
import { formatTransactionId, type TransactionId } from "../hedera/transaction-id.ts";

/**
 * A transaction that the network refused or that failed. `code` is Hedera's own
 * status, such as `INSUFFICIENT_PAYER_BALANCE`, or `TRANSACTION_UNRESOLVED` if
 * it isn't known whether it executed.
 */
export class LedgerError extends FestError {
  override readonly name = "LedgerError";
  /** The transaction that it is about. */
  readonly transactionId: TransactionId;
  /** It reached consensus and failed: its id will never do anything. */
  readonly usedUp: boolean;

  constructor(
    code: string,
    what: string,
    transactionId: TransactionId,
    options: FestErrorOptions & { readonly usedUp?: boolean } = {},
  ) {
    super(code, `${what} (${formatTransactionId(transactionId)}): ${code}`, options);
    this.transactionId = transactionId;
    this.usedUp = options.usedUp ?? false;
  }
}
