import { fold } from "../../../lib/festival/fold.ts";
import type { State, Verdict } from "../../../lib/festival/state.ts";
import { addSeconds } from "../../../lib/hedera/timestamp.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import type { ChainHead } from "../../../lib/mirror/running-hash.ts";

/** What a visitor may do to a copy of the log. */
export type Cheat = "edit" | "drop" | "reorder" | "forge";

/** A piece of the log with a lie in it. */
export interface Forgery {
  /** The place in the chain that the piece continues; null for the beginning. */
  readonly after: ChainHead | null;
  readonly messages: readonly Message[];
  /** What was done, in words. */
  readonly deed: string;
  /** What the fold says of a forged entry; null for other cheats. */
  readonly verdict: Verdict | null;
}

/** Entries before the lie that go along with it. */
const BEFORE = 20;
/** Nobody's account: what a forger has. */
const FORGER = "0.0.666";

/**
 * Lies in a copy of the newest entries; null if there are too few to lie about.
 * The copy stays in this browser.
 */
export function cheat(kind: Cheat, messages: readonly Message[], state: State): Forgery | null {
  const piece = messages.slice(-BEFORE);
  const [first, ...rest] = piece;
  if (first === undefined || rest.length < 3) return null;
  const whole = messages.length === piece.length && first.sequence === 1;
  const after = whole ? null : first;
  const copies = whole ? [...piece] : rest;
  const at = Math.floor(copies.length / 2);
  const one = copies[at];
  const next = copies[at + 1];
  const last = copies.at(-1);
  if (one === undefined || next === undefined || last === undefined) return null;
  const before = { after, verdict: null };
  switch (kind) {
    case "edit":
      return {
        ...before,
        messages: copies.with(at, edited(one)),
        deed: `One bit of entry #${one.sequence} was changed.`,
      };
    case "drop":
      return { ...before, messages: copies.toSpliced(at, 1), deed: `Entry #${one.sequence} was left out.` };
    case "reorder":
      return {
        ...before,
        messages: copies.with(at, next).with(at + 1, one),
        deed: `Entries #${one.sequence} and #${next.sequence} changed places.`,
      };
    case "forge": {
      const forged = forgedAfter(last);
      return {
        after,
        messages: [...copies, forged],
        deed: `An entry #${forged.sequence} that pays ${FORGER} was added.`,
        verdict: fold(state, forged).verdict,
      };
    }
  }
}

function edited(message: Message): Message {
  const bytes = message.bytes.slice();
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return { ...message, bytes };
}

function forgedAfter(last: Message): Message {
  const body = { v: 1, type: "payment_settled", re: "1.1", task_id: "1.1.1", to: "inference-001" };
  const payload = { amount: "1000000", token_id: "0.0.1", transfer: `${FORGER}@1.000000000`, criteria: [] };
  return {
    ...last,
    sequence: last.sequence + 1,
    timestamp: addSeconds(last.timestamp, 1),
    payer: FORGER,
    bytes: new TextEncoder().encode(JSON.stringify({ ...body, payload })),
  };
}
