import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import { EMPTY_LOG, type LogView, readOn } from "./feed.ts";

/**
 * The log as it was at a moment: folded anew from the last milestone before it.
 * Null if the view does not reach back so far.
 */
export function viewAt(view: LogView, moment: Timestamp): LogView | null {
  const count = countUpTo(view, moment);
  const first = view.entries[0]?.message.sequence ?? 1;
  if (count === view.entries.length) return view;
  if (count === 0) return first === 1 ? EMPTY_LOG : null;
  const sequence = first + count - 1;
  const milestone = view.milestones.findLast(({ state }) => (state.head?.sequence ?? 0) <= sequence);
  if (milestone === undefined && first !== 1) return null;
  const from: LogView =
    milestone === undefined
      ? EMPTY_LOG
      : {
          ...EMPTY_LOG,
          state: milestone.state,
          trades: milestone.trades,
          payments: view.payments.slice(0, milestone.payments),
          results: view.results.slice(0, milestone.results),
          scores: view.scores.slice(0, milestone.scores),
        };
  const known = milestone?.state.head?.sequence ?? 0;
  const messages: readonly Message[] = view.entries
    .slice(known - first + 1, count)
    .map(({ message }) => message);
  const folded = readOn(from, messages);
  return { ...folded, entries: view.entries.slice(0, count), milestones: view.milestones };
}

/** How many entries had reached consensus at a moment. */
function countUpTo({ entries }: LogView, moment: Timestamp): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && entry.message.timestamp <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
