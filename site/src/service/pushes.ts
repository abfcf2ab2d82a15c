import type { TopicId } from "../../../lib/hedera/id.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { connectRelay } from "../../../lib/mirror/relay.ts";
import { connectTopicStream } from "../../../lib/mirror/topic-stream.ts";
import { createWake, type PushHealth, type PushSource, type WakeSource } from "../../../lib/mirror/wake.ts";
import type { Endpoints } from "../deployment/deployment.ts";

/** How the connections that push do; null for one that is not configured, or not needed yet. */
export interface PushesHealth {
  readonly relay: PushHealth | null;
  readonly stream: PushHealth | null;
}

/** No connection that pushes. */
export const NO_PUSHES: PushesHealth = { relay: null, stream: null };

/** Everything that may wake the page. */
export interface Pushes {
  readonly wake: WakeSource;
  /** Streams a topic from its last known message on, where the network has such a stream. */
  streamTopic(topic: TopicId, since: () => Timestamp | null): void;
}

/**
 * Connects to whatever pushes, and is woken by hand too: by a look at the page,
 * and by the network's return. A hidden page holds no stream open, since a browser
 * has few connections for each server.
 */
export function startPushes(
  { relayWs, grpcWeb }: Endpoints,
  signal: AbortSignal,
  publish: (health: PushesHealth) => void,
): Pushes {
  const wake = createWake();
  let health = NO_PUSHES;
  const current: { relay: PushSource | null; stream: PushSource | null } = { relay: null, stream: null };
  const listen = (name: keyof PushesHealth, source: PushSource): void => {
    current[name] = source;
    const tell = () => {
      if (current[name] !== source) return;
      health = { ...health, [name]: source.health };
      publish(health);
    };
    source.onHealth(tell);
    source.subscribe(() => {
      tell();
      wake.ring();
    });
    tell();
  };

  let begin: (() => void) | null = null;
  const look = () => {
    if (document.hidden) {
      current.stream?.close();
      current.stream = null;
      return;
    }
    if (current.stream === null) begin?.();
    wake.ring();
  };
  document.addEventListener("visibilitychange", look, { signal });
  addEventListener("online", wake.ring, { signal });
  if (relayWs !== null) listen("relay", connectRelay({ url: relayWs }));
  signal.addEventListener("abort", () => {
    current.relay?.close();
    current.stream?.close();
  });

  return {
    wake,
    streamTopic(topic, since) {
      if (grpcWeb === null) return;
      begin = () => listen("stream", connectTopicStream({ url: grpcWeb, topic, since }));
      look();
    },
  };
}
