import type { PushHealth } from "../../../lib/mirror/push.ts";

/** How the connections that push do; null for one that is not configured, or not needed yet. */
export interface PushesHealth {
  readonly relay: PushHealth | null;
  readonly stream: PushHealth | null;
}

/** No connection that pushes. */
export const NO_PUSHES: PushesHealth = { relay: null, stream: null };

/** What tells the page first of a new entry. */
export type Waker = "stream" | "relay" | "polling";

/** The best of what works: a stream of the topic, the relay's blocks, or asking again and again. */
export function wakerOf({ relay, stream }: PushesHealth): Waker {
  if (stream?.state === "open") return "stream";
  return relay?.state === "open" ? "relay" : "polling";
}

/** What the waker is called. */
export const WAKER_WORDS: Readonly<Record<Waker, { readonly short: string; readonly long: string }>> = {
  stream: {
    short: "woken by stream",
    long: "The mirror node's gRPC-Web stream announces each entry; it is read over REST",
  },
  relay: {
    short: "woken by relay",
    long: "The relay's WebSocket wakes this page at every block; the mirror node is what it reads",
  },
  polling: { short: "polling", long: "The mirror node is asked again and again; nothing wakes this page" },
};
