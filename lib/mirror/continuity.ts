import { sameBytes } from "./bytes.ts";
import type { Message, Position } from "./message.ts";
import { CHAIN_START, continuesHash } from "./running-hash.ts";

/** Why the next message of a page does not continue a topic. */
export type PageFault =
  /** Sequence numbers are missing before it. */
  | "gap"
  /** Its consensus time is not later. */
  | "disorder"
  /** Its running hash is not what its content gives. */
  | "tampered";

/** How far a page continues what is known of a topic. */
export interface Advance {
  /** The messages that follow the position without a gap, in order. */
  readonly messages: readonly Message[];
  /** The position after them. */
  readonly position: Position | null;
  /** Why the page does not continue to its end, or null if it does. */
  readonly fault: PageFault | null;
}

/**
 * Takes from a page what follows `position` (null: nothing known yet). Messages
 * may repeat and come in any order; none is skipped and none is out of order in
 * what comes out. With `verify` every running hash is recomputed, unless the one at
 * `position` is not known.
 */
export function advance(position: Position | null, page: readonly Message[], verify: boolean): Advance {
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
    const previous = last === null ? CHAIN_START.runningHash : last.runningHash;
    if (verify && previous !== undefined && !continuesHash(previous, message)) {
      return { messages, position: last, fault: "tampered" };
    }
    messages.push(message);
    last = message;
  }
  return { messages, position: last, fault: null };
}

/**
 * The message at `position` in a page that was asked for from there on, if it is
 * still as it is known: otherwise `missing` if the mirror node does not have it (a
 * replica that lags), `different` if it has another one in its place.
 */
export function anchorIn(page: readonly Message[], position: Position): Message | "missing" | "different" {
  const { sequence, timestamp, runningHash } = position;
  const anchor =
    page.find((message) => message.sequence === sequence) ??
    page.find((message) => message.timestamp === timestamp);
  if (anchor === undefined) return "missing";
  const same =
    anchor.sequence === sequence &&
    anchor.timestamp === timestamp &&
    (runningHash === undefined || sameBytes(anchor.runningHash, runningHash));
  return same ? anchor : "different";
}
