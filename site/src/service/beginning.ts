import { type ColdStart, findCheckpoint } from "../../../lib/festival/checkpoint/start.ts";
import type { TopicId } from "../../../lib/hedera/id.ts";
import { type Advance, advance } from "../../../lib/mirror/continuity.ts";
import type { ReadOptions } from "../../../lib/mirror/http.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import type { Page } from "../../../lib/mirror/page.ts";
import type { TopicMirror } from "../../../lib/mirror/topic-client.ts";

/** A checkpoint, and what was read of the log after it on the way to it. */
export type Beginning = ColdStart & Advance;

/**
 * Where to begin reading a log: at its newest checkpoint, or at its first
 * message (null). With a bounded number of reads, however long the log is.
 *
 * @param latest the newest message
 * @throws MirrorError
 */
export async function beginningOf(
  mirror: TopicMirror,
  topic: TopicId,
  latest: Message,
  signal: AbortSignal,
): Promise<Beginning | null> {
  const options = { signal, retries: 0 };
  // Who may write a checkpoint, the first message says; it is asked for while the last ones are.
  const first = mirror.topicMessage(topic, 1, options);
  first.catch(() => undefined);
  let read: readonly Message[] = [];
  const start = await findCheckpoint({
    latest: () => Promise.resolve(latest),
    message: (sequence) => (sequence === 1 ? first : mirror.topicMessage(topic, sequence, options)),
    async between(after, upTo) {
      const stretch = await between(mirror, topic, after, upTo, options);
      // Older boundaries are tried later; what was read of the log's end stays.
      read = [...stretch, ...read];
      return stretch;
    },
  });
  // Whether it continues the chain, a worker finds out meanwhile.
  return start && { ...start, ...advance(start.message, read, false) };
}

/** Messages a page, the most that a mirror node gives. */
const PAGE = 100;

/** Reads all pages of a stretch at once, since it is known where each begins. */
async function between(
  mirror: TopicMirror,
  topic: TopicId,
  after: number,
  upTo: number,
  options: ReadOptions,
): Promise<readonly Message[]> {
  const pages: Promise<Page<Message>>[] = [];
  for (let from = after; from < upTo; from += PAGE) {
    pages.push(mirror.topicMessages({ topic, sequenceAfter: from, order: "asc", limit: PAGE }, options));
  }
  const read = (await Promise.all(pages)).flatMap(({ items }) => items);
  return read.filter(({ sequence }) => sequence <= upTo);
}
