import { sameBytes } from "./bytes.ts";
import type { Message, Position } from "./message.ts";

/** How far a page continues what is known of a topic. */
export interface Advance {
  /** The messages that follow the position without a gap, in order. */
  readonly messages: readonly Message[];
  /** The position after them. */
  readonly position: Position | null;
  /**
   * Why the page does not continue to its end: a sequence number is missing, or
   * a later message claims a consensus time that is not later. Null if it does.
   */
  readonly fault: "gap" | "disorder" | null;
}

/**
 * Takes from a page what follows `position` (null: nothing known yet). Messages
 * may repeat and come in any order; none is skipped and none is out of order in
 * what comes out.
 */
export function advance(position: Position | null, page: readonly Message[]): Advance {
  const messages: Message[] = [];
  let last = position;
  const inOrder = [...page].sort((a, b) => a.sequence - b.sequence);
  for (const message of inOrder) {
    const expected = (last?.sequence ?? 0) + 1;
    if (message.sequence < expected) continue;
    if (message.sequence > expected) return { messages, position: last, fault: "gap" };
    if (last !== null && message.timestamp <= last.timestamp) {
      return { messages, position: last, fault: "disorder" };
    }
    messages.push(message);
    last = message;
  }
  return { messages, position: last, fault: null };
}

/**
 * Whether a page that was asked for from `position` on still shows the message
 * at that position as it is known: `missing` if the mirror node does not have it
 * (a replica that lags), `different` if it has another one in its place.
 */
export function anchorIn(page: readonly Message[], position: Position): "same" | "missing" | "different" {
  const { sequence, timestamp, runningHash } = position;
  const atTime = page.find((message) => message.timestamp === timestamp);
  const anchor = page.find((message) => message.sequence === sequence) ?? atTime;
  if (anchor === undefined) return "missing";
  const same =
    anchor.sequence === sequence &&
    anchor.timestamp === timestamp &&
    (runningHash === undefined || sameBytes(anchor.runningHash, runningHash));
  return same ? "same" : "different";
}
