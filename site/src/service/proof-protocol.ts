/** What the page and its proof worker say to each other. */
import type { Message } from "../../../lib/mirror/message.ts";
import type { ChainBreak, ChainHead } from "../../../lib/mirror/running-hash.ts";

/** Messages to check. */
export interface ProofRequest {
  /** Comes back with the answer. */
  readonly id: number;
  readonly messages: readonly Message[];
  /** The place in the chain that they continue; null before the first message. */
  readonly after: ChainHead | null;
}

/** What came of it. */
export interface ProofAnswer {
  readonly id: number;
  /** The last message that continues the chain. */
  readonly head: ChainHead;
  readonly broken: ChainBreak | null;
}
