import { stateHash } from "../festival/checkpoint/checkpoint.ts";
import { type ColdStart, findCheckpoint, type LogReads } from "../festival/checkpoint/start.ts";
import { fold } from "../festival/fold.ts";
import { EMPTY_STATE } from "../festival/state.ts";
import type { TopicId } from "../hedera/id.ts";
import type { Mirror } from "../mirror/client.ts";
import { MirrorError } from "../mirror/error.ts";
import { follow } from "../mirror/follow.ts";
import type { Message } from "../mirror/message.ts";
import { itemsFrom } from "../mirror/page.ts";

/** The reads of a log that a cold start needs, over REST. */
function logReads(mirror: Mirror, topic: TopicId): LogReads {
  return {
    latest: () => mirror.latestMessage(topic),
    message: (sequence) => mirror.topicMessage(topic, sequence),
    between: async (after, upTo) => {
      const messages: Message[] = [];
      const first = await mirror.topicMessages({ topic, sequenceAfter: after, limit: 100, order: "asc" });
      for await (const message of itemsFrom(first)) {
        if (message.sequence > upTo) break;
        messages.push(message);
      }
      return messages;
    },
  };
}

/** The newest checkpoint; null to begin at the beginning, also where the mirror node cannot be read now. */
export async function coldStart(mirror: Mirror, topic: TopicId): Promise<ColdStart | null> {
  try {
    return await findCheckpoint(logReads(mirror, topic));
  } catch (error) {
    if (error instanceof MirrorError) return null;
    throw error;
  }
}

/**
 * Folds everything behind a checkpoint, with every running hash checked, and
 * compares: false if the log says something else. Takes as long as the log is.
 */
export async function verifyCheckpoint(
  start: ColdStart,
  { mirror, topic, signal }: { mirror: Mirror; topic: TopicId; signal: AbortSignal },
): Promise<boolean> {
  let state = EMPTY_STATE;
  for await (const message of follow({ mirror, topic, signal })) {
    state = fold(state, message);
    if (message.sequence === start.message.sequence) return stateHash(state) === stateHash(start.state);
  }
  return true;
}
