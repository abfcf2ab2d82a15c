import type { TopicId } from "../../../lib/hedera/id.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { PushSource } from "../../../lib/mirror/push.ts";
import { connectRelay } from "../../../lib/mirror/relay.ts";
import { connectTopicStream } from "../../../lib/mirror/topic-stream.ts";
import type { Wake } from "../../../lib/mirror/wake.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import { NO_PUSHES, type PushesHealth } from "../ledger/waker.ts";

/** What may wake the page. */
export interface Pushes {
  /** Streams a topic from its last known message on, where the network has such a stream. */
  streamTopic(topic: TopicId, since: () => Timestamp | null): void;
}

/**
 * Connects to whatever pushes; a look at the page and the network's return wake it, too. A hidden page holds no stream open, since a browser
 * has few connections for each server.
 */
export function startPushes(
  { relayWs, grpcWeb }: Endpoints,
  signal: AbortSignal,
  wake: Wake,
  publish: (health: PushesHealth) => void,
): Pushes {
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
    streamTopic(topic, since) {
      if (grpcWeb === null) return;
      begin = () => listen("stream", connectTopicStream({ url: grpcWeb, topic, since }));
      look();
    },
  };
}
