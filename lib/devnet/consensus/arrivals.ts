import { type Received, receivedAndChecked } from "../ledger/execute/received.ts";

interface Arrival {
  readonly bytes: Uint8Array;
  readonly next: (transaction: Received) => void;
}

/**
 * Transactions between their arrival and pre-check: other threads check the
 * signatures of all that came in one turn of the event loop, and pre-check sees
 * them in the order in which they came.
 */
export class Arrivals {
  #last: Promise<void> = Promise.resolve();
  #turn: Arrival[] = [];
  #closed = false;

  /** Takes a transaction in; `next` gets it decoded, after everything that came before it. */
  add(bytes: Uint8Array, next: (transaction: Received) => void): void {
    if (this.#turn.push({ bytes, next }) === 1) setImmediate(() => this.#endTurn());
  }

  /** Loses what has not been handed on yet, and whatever comes. */
  close(): void {
    this.#closed = true;
  }

  #endTurn(): void {
    const arrivals = this.#turn;
    this.#turn = [];
    this.#last = this.#handOn(arrivals, this.#last);
  }

  async #handOn(arrivals: readonly Arrival[], before: Promise<void>): Promise<void> {
    const checked = await Promise.all(arrivals.map(({ bytes }) => receivedAndChecked(bytes)));
    await before;
    checked.forEach((transaction, index) => {
      if (!this.#closed) arrivals[index]?.next(transaction);
    });
  }
}
