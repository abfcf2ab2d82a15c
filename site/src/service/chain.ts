import { BREAK_REASONS } from "../../../lib/festival/proof/chain.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import type { ChainBreak, ChainHead } from "../../../lib/mirror/running-hash.ts";
import { type ChainProof, NO_CHAIN, type Objection } from "../ledger/proof.ts";
import type { Prover } from "./prover.ts";

/** Messages that are checked at once. */
const CHUNK = 500;

/** The chain of a log, checked from its first message on as its messages become known. */
export interface ChainCheck {
  /** Says that there may be more to check. */
  go(): void;
  /** Checks a stretch at once that `go` will come to only later, because the log before it is not known yet. */
  inspect(messages: readonly Message[], after: ChainHead): void;
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
  let ended = false;

  /** The first entry that does not hold is the one to name: others may follow from it. */
  const object = (objection: Objection) => {
    const { broken } = chain;
    if (broken !== null && broken.sequence <= objection.sequence) return;
    chain = { ...chain, broken: objection };
    publish(chain);
  };
  const objectionTo = ({ sequence, reason }: ChainBreak): Objection => ({
    sequence,
    reason: BREAK_REASONS[reason],
  });

  async function work(): Promise<void> {
    while (!ended) {
      const messages = after(chain.upTo, CHUNK);
      if (messages.length === 0) return;
      const answer = await prover.verify(messages, head);
      head = answer.head;
      chain = { ...chain, upTo: head.sequence };
      publish(chain);
      if (answer.broken === null) continue;
      ended = true;
      object(objectionTo(answer.broken));
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
    inspect(messages, after) {
      void prover.verify(messages, after).then(({ broken }) => {
        if (broken !== null) object(objectionTo(broken));
      });
    },
    object,
  };
}
