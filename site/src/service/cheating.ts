import { BREAK_REASONS } from "../../../lib/festival/proof/chain.ts";
import { type Cheat, cheat, type Forgery } from "../ledger/cheat.ts";
import type { LogView } from "../ledger/feed.ts";
import type { Objection } from "../ledger/proof.ts";
import { startProver } from "./prover.ts";

/** What came of a lie. */
export interface Caught {
  readonly forgery: Forgery;
  /** The entry at which it was found, and why; null if it was not. */
  readonly broken: Objection | null;
}

/** Entries that a lie is made of, at most. */
const NEWEST = 100;

/** Lies in a copy of the newest entries and lets the proof look at it; null if there are too few entries. */
export async function tryToCheat(kind: Cheat, { entries, state }: LogView): Promise<Caught | null> {
  const newest = entries.slice(-NEWEST).map(({ message }) => message);
  const forgery = cheat(kind, newest, state);
  if (forgery === null) return null;
  const prover = startProver();
  const { broken } = await prover.verify(forgery.messages, forgery.after);
  prover.close();
  return { forgery, broken: broken && { sequence: broken.sequence, reason: BREAK_REASONS[broken.reason] } };
}
