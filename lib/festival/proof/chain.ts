import type { ChainBreak } from "../../mirror/running-hash.ts";
import type { ProblemName } from "./problem.ts";

/** How a chain can break, in words. */
export const BREAK_REASONS: Readonly<Record<ChainBreak["reason"], string>> = {
  sequence: "an entry before it is missing, or it is there twice",
  time: "its consensus time is not after the one before",
  hash: "its running hash is not what its content gives",
};

/** What a break of the log's chain is called among findings. */
export const BREAK_NAMES: Readonly<Record<ChainBreak["reason"], ProblemName>> = {
  sequence: "chain_gap",
  time: "chain_order",
  hash: "chain_hash",
};
