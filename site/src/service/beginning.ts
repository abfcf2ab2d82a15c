import { type ColdStart, findCheckpoint } from "../../../lib/festival/checkpoint/start.ts";
import type { TopicId } from "../../../lib/hedera/id.ts";
import type { Mirror } from "../../../lib/mirror/client.ts";
import type { Message } from "../../../lib/mirror/message.ts";

/**
 * Where to begin reading a log: at its newest checkpoint, or at its first
 * message (null). With a bounded number of reads, however long the log is.
 *
 * @throws MirrorError
 */
export async function beginningOf(
  mirror: Mirror,
  topic: TopicId,
  signal: AbortSignal,
): Promise<ColdStart | null> {
  const options = { signal, retries: 0 };
  return findCheckpoint({
    latest: () => mirror.latestMessage(topic, options),
    message: (sequence) => mirror.topicMessage(topic, sequence, options),
    async between(after, upTo) {
      const messages: Message[] = [];
      let page = await mirror.topicMessages(
        { topic, sequenceAfter: after, order: "asc", limit: 100 },
        options,
      );
      messages.push(...page.items);
      while (page.next !== null && (messages.at(-1)?.sequence ?? upTo) < upTo) {
        page = await page.next(options);
        messages.push(...page.items);
      }
      return messages.filter(({ sequence }) => sequence <= upTo);
    },
  });
}
