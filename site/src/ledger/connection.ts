import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { FollowState } from "../../../lib/mirror/follow.ts";
import type { PushHealth } from "../../../lib/mirror/push.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import type { Tone } from "../text/tone.ts";
import { LINK_TONES, LINK_WORDS, linkStateOf, troubleOf } from "./link-state.ts";
import type { PushesHealth } from "./waker.ts";

/** One way in which the page hears of the ledger. */
export interface Source {
  readonly id: "log" | "vitals" | "relay" | "stream";
  readonly name: string;
  /** What it is for. */
  readonly use: string;
  /** Where it is; null where it is not configured. */
  readonly url: string | null;
  readonly tone: Tone;
  readonly said: string;
  /** The local time of the last that was heard of it. */
  readonly heardAt: Timestamp | null;
  readonly failures: number;
  /** What is wrong with it, in words. */
  readonly trouble: string | null;
}

/** All that a session knows of its connections. */
export interface Connections {
  readonly endpoints: Endpoints;
  readonly logFollow: FollowState | null;
  readonly vitalsFollow: FollowState | null;
  readonly pushes: PushesHealth;
}

/** Every way, the ones that are read first. */
export function sourcesOf(connections: Connections, now: Timestamp): readonly Source[] {
  const { endpoints, logFollow, vitalsFollow, pushes } = connections;
  return [
    followed(
      { id: "log", name: "Log, by REST", use: "is read, verified and shown" },
      logFollow,
      endpoints,
      now,
    ),
    followed({ id: "vitals", name: "Vitals, by REST", use: "heartbeats" }, vitalsFollow, endpoints, now),
    pushed(
      { id: "stream", name: "gRPC-Web stream", use: "announces entries" },
      pushes.stream,
      endpoints.grpcWeb,
    ),
    pushed(
      { id: "relay", name: "Relay WebSocket", use: "announces blocks" },
      pushes.relay,
      endpoints.relayWs,
    ),
  ];
}

type Kind = Pick<Source, "id" | "name" | "use">;

function followed(kind: Kind, follow: FollowState | null, { mirror }: Endpoints, now: Timestamp): Source {
  const state = linkStateOf(follow, now);
  return {
    ...kind,
    url: mirror,
    tone: LINK_TONES[state],
    said: LINK_WORDS[state],
    heardAt: follow?.provenAt ?? null,
    failures: follow?.failures ?? 0,
    trouble: troubleOf(follow),
  };
}

function pushed(kind: Kind, health: PushHealth | null, url: string | null): Source {
  const base = { ...kind, url, heardAt: health?.heardAt ?? null, failures: health?.failures ?? 0 };
  if (url === null) return { ...base, tone: "idle", said: "not configured", trouble: null };
  const trouble = health?.reason ?? null;
  switch (health?.state) {
    case "open":
      return { ...base, tone: "ok", said: "open", trouble };
    case "closed":
      return { ...base, tone: "wait", said: "lost, comes back by itself", trouble };
    case "connecting":
    case undefined:
      return { ...base, tone: "work", said: "connecting", trouble };
  }
}
