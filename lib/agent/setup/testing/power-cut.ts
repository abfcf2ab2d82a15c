import type { Transport } from "../../../ledger/transport.ts";

/**
 * Ends everything at the n-th step of a set-up's transactions: from then on
 * nothing is sent and nothing is learned. Steps are: before a submission, after
 * it, and with each receipt.
 */
export class PowerCut extends Error {
  #left: number;

  /** @param at from 1 */
  constructor(at: number) {
    super("power cut");
    this.#left = at;
  }

  readonly around = (transport: Transport): Transport => ({
    ...transport,
    submit: async (transaction) => {
      this.#step();
      const status = await transport.submit(transaction);
      this.#step();
      return status;
    },
    receipt: async (node, id) => {
      if (this.#left <= 0) throw this;
      const answer = await transport.receipt(node, id);
      if (answer.receipt !== null) this.#step();
      return answer;
    },
  });

  #step(): void {
    this.#left -= 1;
    if (this.#left <= 0) throw this;
  }
}
