import { addSeconds, type Timestamp } from "../hedera/timestamp.ts";
import { type Obligation, type ObligationKind, QUIET_SECONDS, windowAt, windowEnd } from "./obligation.ts";
import type { State } from "./state.ts";

/** What a pause holds up: assignments, new ones and next ones, and trades; never settlements. */
const HELD_BY_PAUSE: ReadonlySet<ObligationKind> = new Set([
  "assign",
  "watch",
  "quote",
  "propose",
  "approve",
]);

/** The open obligations of an agent that nothing holds up, in the order in which they were created. */
export function dutiesOf(state: State, agent: string): readonly Obligation[] {
  return [...state.obligations.values()].filter(
    (obligation) => obligation.agent === agent && !isHeld(state, obligation),
  );
}

function isHeld({ paused }: State, { kind }: Obligation): boolean {
  return paused && HELD_BY_PAUSE.has(kind);
}

/** When the effect of an obligation may be sent. */
export type Opening =
  | { readonly kind: "open"; readonly window: number }
  /** Not before this time. */
  | { readonly kind: "early"; readonly until: Timestamp }
  /** The window is over, and only a later entry of the log can open the next. */
  | { readonly kind: "over"; readonly window: number; readonly end: Timestamp };

/**
 * Whether an effect may be sent now: the log's time says which window is open,
 * the clock only whether to try it.
 */
export function openingOf(obligation: Obligation, logTime: Timestamp, now: Timestamp): Opening {
  if (now <= obligation.base) return { kind: "early", until: obligation.base };
  const window = windowAt(obligation, logTime);
  const end = windowEnd(obligation, window);
  if (now >= addSeconds(end, -QUIET_SECONDS)) return { kind: "over", window, end };
  return { kind: "open", window };
}

/**
 * Whether the log needs a `tick`: something is owed whose window the clock has
 * passed and the log has not. A person has no windows.
 */
export function needsTick(state: State, now: Timestamp): boolean {
  const { head } = state;
  if (head === null) return false;
  return [...state.obligations.values()].some(
    (obligation) =>
      obligation.kind !== "manual" &&
      !isHeld(state, obligation) &&
      now > windowEnd(obligation, windowAt(obligation, head.timestamp)),
  );
}
