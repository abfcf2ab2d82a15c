import { describeError } from "../../../lib/hedera/error.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { type FollowState, silenceSeconds } from "../../../lib/mirror/follow.ts";
import type { Tone } from "../text/tone.ts";

/**
 * How the page stands to the log. `delayed`: the mirror node is behind or has
 * just stopped answering. `stale`: it answers, but lacks what it had. `offline`: it cannot be reached. `absent`: it has no
 * such topic. `reset`: it had it, and now has another one or none. `tampered`: a
 * message's running hash is not what its content gives.
 */
export type LinkState =
  | "connecting"
  | "reading"
  | "live"
  | "delayed"
  | "stale"
  | "offline"
  | "absent"
  | "reset"
  | "tampered";

/** Seconds without an answer that a slow poll explains, and no more. */
const QUIET_SECONDS = 40n;
/** Seconds without an answer after which failures count as being offline. */
const OFFLINE_SECONDS = 5n;

/** In which state following a topic is. */
export function linkStateOf(follow: FollowState | null, now: Timestamp): LinkState {
  if (follow === null) return "connecting";
  const silence = silenceSeconds(follow, now);
  switch (follow.phase) {
    case "connecting":
      return "connecting";
    case "catching-up":
      return "reading";
    case "live":
      return silence !== null && silence > QUIET_SECONDS ? "delayed" : "live";
    case "absent":
      return follow.position === null ? "absent" : "reset";
    case "diverged":
      return "reset";
    case "tampered":
      return "tampered";
    case "stale":
      return "stale";
    case "gap":
    case "disorder":
      return "delayed";
    case "unreachable":
      if (silence === null) return "offline";
      return silence > OFFLINE_SECONDS ? "offline" : "delayed";
  }
}

/** What a state means, for people. */
export const LINK_WORDS: Readonly<Record<LinkState, string>> = {
  connecting: "connecting",
  reading: "reading the log",
  live: "live",
  delayed: "delayed",
  stale: "stale",
  offline: "offline",
  absent: "topic not found",
  reset: "network was reset",
  tampered: "does not verify",
};

/** How a state is coloured. */
export const LINK_TONES: Readonly<Record<LinkState, Tone>> = {
  connecting: "wait",
  reading: "work",
  live: "ok",
  delayed: "wait",
  stale: "wait",
  offline: "bad",
  absent: "bad",
  reset: "bad",
  tampered: "bad",
};

/** Why a topic is not being read at the moment, in words; null while it is. */
export function troubleOf(follow: FollowState | null): string | null {
  switch (follow?.phase) {
    case "unreachable":
      return follow.error === null ? "The mirror node does not answer." : describeError(follow.error);
    case "stale":
      return "The mirror node answers, but does not yet have what it had before.";
    case "gap":
      return "The mirror node leaves out messages of the topic.";
    case "disorder":
      return "The mirror node shows messages out of order.";
    case "tampered":
      return "The next message's running hash is not what its content gives: what this mirror node shows is not what the network agreed on.";
    case "diverged":
      return "The mirror node has other messages where the ones shown here were.";
    case "absent":
      return "The mirror node knows no such topic.";
    default:
      return null;
  }
}

/** What a panel says of itself in `data-state`. */
export type PanelState = "loading" | "live" | "delayed" | "stale" | "offline" | "empty" | "error";

/** The state of a panel that shows (or would show) so many things. */
export function panelStateOf(link: LinkState, count: number): PanelState {
  switch (link) {
    case "connecting":
    case "reading":
      return count === 0 ? "loading" : "live";
    case "live":
      return count === 0 ? "empty" : "live";
    case "delayed":
    case "stale":
    case "offline":
      return link;
    case "absent":
    case "reset":
    case "tampered":
      return "error";
  }
}
