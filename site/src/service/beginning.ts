import { CHECKPOINT_INTERVAL } from "../../../lib/festival/checkpoint/checkpoint.ts";
import { type ColdStart, findCheckpoint } from "../../../lib/festival/checkpoint/start.ts";
import type { TopicId } from "../../../lib/hedera/id.ts";
import type { ReadOptions } from "../../../lib/mirror/http.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import type { Page } from "../../../lib/mirror/page.ts";
import type { TopicMirror } from "../../../lib/mirror/topic-client.ts";
import { PAGE } from "./reading.ts";

/** Where reading a log begins, and all that there is of it after that. */
export interface Beginning {
  /** The checkpoint to begin from; null: from the first message on. */
  readonly start: ColdStart | null;
  readonly messages: readonly Message[];
}

/**
 * Reads a log up to its newest message: a short one from its first message on, a
 * long one from its newest checkpoint. With a bounded number of reads, most of
 * them at once; null for a long log without a checkpoint.
 *
 * @param newest the log's last page, in order
 * @throws MirrorError
 */
export async function beginningOf(
  mirror: TopicMirror,
  topic: TopicId,
  newest: readonly Message[],
  signal: AbortSignal,
): Promise<Beginning | null> {
  const options = { signal, retries: 0 };
  const latest = newest.at(-1) ?? null;
  const known = newest[0]?.sequence ?? 1;
  const stretch = async (after: number, upTo: number): Promise<readonly Message[]> => {
    const before = await between(mirror, topic, after, Math.min(upTo, known - 1), options);
    return [...before, ...newest.filter(({ sequence }) => sequence > after && sequence <= upTo)];
  };
  if (latest === null || latest.sequence < CHECKPOINT_INTERVAL) {
    return { start: null, messages: await stretch(0, latest?.sequence ?? 0) };
  }
  // Who may write a checkpoint, the first message says; it is asked for while the last ones are.
  const first = mirror.topicMessage(topic, 1, options);
  first.catch(() => undefined);
  let messages: readonly Message[] = [];
  const start = await findCheckpoint({
    latest: () => Promise.resolve(latest),
    message: (sequence) => (sequence === 1 ? first : mirror.topicMessage(topic, sequence, options)),
    async between(after, upTo) {
      const read = await stretch(after, upTo);
      // Older boundaries are tried later; what was read of the log's end stays.
      messages = [...read, ...messages];
      return read;
    },
  });
  return start && { start, messages };
}

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
