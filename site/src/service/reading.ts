import type { ColdStart } from "../../../lib/festival/checkpoint/start.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import { EMPTY_LOG, entryAt, type LogView } from "../ledger/feed.ts";
import type { VitalsView } from "../ledger/vitals.ts";

/** Messages a page, the most that a mirror node gives. */
export const PAGE = 100;

/** How far a session has read its log and its vitals. */
export interface Reading {
  /** What is shown: from the first message on, or from `start` on. */
  view: LogView;
  /** The checkpoint that `view` begins after; null if it begins at the first message. */
  start: ColdStart | null;
  /** What was read so far of the log before the checkpoint; null while nothing is being read back. */
  past: LogView | null;
  /** Null before the vitals topic was read. */
  vitals: VitalsView | null;
}

/** A log of which nothing was read, nor of its vitals. */
export function newReading(): Reading {
  return { view: EMPTY_LOG, start: null, past: null, vitals: null };
}

/** Messages that a view knows after one without a gap. */
export function messagesAfter(view: LogView, sequence: number, limit: number): readonly Message[] {
  if (entryAt(view, sequence + 1) === null) return [];
  const from = sequence + 1 - (view.entries[0]?.message.sequence ?? 1);
  return view.entries.slice(from, from + limit).map(({ message }) => message);
}
