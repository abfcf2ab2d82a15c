import { bytesToHex } from "@noble/hashes/utils.js";
import type { Message } from "../../mirror/message.ts";
import { CHAIN_START, type ChainHead, verifyChain } from "../../mirror/running-hash.ts";
import type { State } from "../state.ts";
import { vitalOf } from "../vitals.ts";
import { BREAK_REASONS } from "./chain.ts";
import { type Problem, problem } from "./problem.ts";

/** What an agent said of the log: its first hash digits up to an entry. */
interface Hearsay {
  readonly agent: string;
  readonly message: Message;
  readonly sequence: number;
  readonly runningHash: string | null;
}

/** Recomputes the vitals' chain, and compares what the agents heard of the log with the log itself. */
export class VitalsAudit {
  readonly problems: Problem[] = [];
  verified = 0;
  #head: ChainHead = CHAIN_START;
  #broken = false;
  /** Of every entry that agents told of, what they told. */
  readonly #messages: Message[] = [];

  /** Takes the topic's next messages. */
  take(messages: readonly Message[]): void {
    if (this.#broken) return;
    const { head, verified, broken } = verifyChain(messages, this.#head);
    this.#head = head;
    this.verified += verified;
    this.#messages.push(...messages.slice(0, verified));
    if (broken === null) return;
    this.#broken = true;
    const said = `vital sign ${broken.sequence}: ${BREAK_REASONS[broken.reason]}`;
    this.problems.push(problem("vitals_chain", null, said));
  }

  /**
   * Compares with a log that was read after the vitals were.
   *
   * @param hashAfter the log's running hash after an entry; undefined past its head
   */
  compare(state: State, hashAfter: (sequence: number) => Uint8Array | undefined): readonly Problem[] {
    const problems: Problem[] = [];
    const known = state.head?.sequence ?? 0;
    for (const { agent, message, sequence, runningHash } of this.#hearsay(state)) {
      if (sequence === 0) continue;
      const hash = hashAfter(sequence);
      if (hash === undefined && sequence > known) {
        const said = `${agent} had folded entry ${sequence} (vital sign ${message.sequence}), the log ends at ${known}`;
        problems.push(problem("heartbeat", known, said));
      } else if (hash !== undefined && runningHash !== null && !bytesToHex(hash).startsWith(runningHash)) {
        const said = `${agent} knows another log up to entry ${sequence} (vital sign ${message.sequence})`;
        problems.push(problem("heartbeat", sequence, said));
      }
      if (problems.length === MOST) break;
    }
    return problems;
  }

  *#hearsay(state: State): Iterable<Hearsay> {
    for (const message of this.#messages) {
      const vital = vitalOf(state, message);
      if (vital?.name !== "heartbeat") continue;
      const { agent_id: agent, sequence, running_hash: runningHash = null } = vital.body.payload;
      yield { agent, message, sequence, runningHash };
    }
  }
}

/** Heartbeats that are named at most: one lie makes all of them wrong. */
const MOST = 3;
