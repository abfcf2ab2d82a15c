import { type Received, receivedAndChecked } from "../ledger/execute/received.ts";

/**
 * Transactions between their arrival and pre-check: other threads check their
 * signatures meanwhile, and pre-check sees them in the order in which they came.
 */
export class Arrivals {
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  /** Takes a transaction in; `next` gets it decoded, after everything that came before it. */
  add(bytes: Uint8Array, next: (transaction: Received) => void): void {
    const before = this.#last;
    const checking = receivedAndChecked(bytes);
    this.#last = (async () => {
      const transaction = await checking;
      await before;
      if (!this.#closed) next(transaction);
    })();
  }

  /** Loses what has not been handed on yet, and whatever comes. */
  close(): void {
    this.#closed = true;
  }
}
