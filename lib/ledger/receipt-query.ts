import { TransactionReceiptQuery } from "@hashgraph/sdk";

/**
 * The SDK's query for a receipt without the payment that a free query does not
 * need. The SDK makes one up all the same, twice each time, under ids that it
 * keeps for as long as the process lives (`generatedIds` in its `Timestamp`).
 * The node to ask has to be set.
 */
export class ReceiptQuery extends TransactionReceiptQuery {
  override async _beforeExecute(): Promise<void> {
    // It would only prepare that payment.
  }

  override async _makeRequestAsync(): ReturnType<TransactionReceiptQuery["_makeRequestAsync"]> {
    return this._onMakeRequest({});
  }
}
