import { BREAK_REASONS } from "../../../lib/festival/proof/chain.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import type { ChainHead } from "../../../lib/mirror/running-hash.ts";
import { type ChainProof, NO_CHAIN, type Objection } from "../ledger/proof.ts";
import type { Prover } from "./prover.ts";

/** Messages that are checked at once. */
const CHUNK = 500;

/** The chain of a log, checked from its first message on as its messages become known. */
export interface ChainCheck {
  /** Says that there may be more to check. */
  go(): void;
  /** Says that something does not hold that the chain alone does not show. */
  object(objection: Objection): void;
}

/**
 * Starts checking.
 *
 * @param after gives the messages that are known after a sequence number without a gap, at most so many
 * @param publish is told after every answer
 */
export function startChain(
  prover: Prover,
  after: (sequence: number, limit: number) => readonly Message[],
  publish: (chain: ChainProof) => void,
): ChainCheck {
  let head: ChainHead | null = null;
  let chain: ChainProof = NO_CHAIN;
  let busy = false;

  async function work(): Promise<void> {
    for (;;) {
      const messages = after(chain.upTo, CHUNK);
      if (messages.length === 0 || chain.broken !== null) return;
      const answer = await prover.verify(messages, head);
      head = answer.head;
      chain = {
        upTo: head.sequence,
        broken:
          chain.broken ??
          (answer.broken && {
            sequence: answer.broken.sequence,
            reason: BREAK_REASONS[answer.broken.reason],
          }),
      };
      publish(chain);
    }
  }

  return {
    go() {
      if (busy) return;
      busy = true;
      void work().finally(() => {
        busy = false;
      });
    },
    object(objection) {
      chain = { ...chain, broken: objection };
      publish(chain);
    },
  };
}
