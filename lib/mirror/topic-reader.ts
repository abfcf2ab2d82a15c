import type { TopicId } from "../hedera/id.ts";
import { type Advance, advance, anchorIn, type PageFault } from "./continuity.ts";
import type { ReadOptions } from "./http.ts";
import type { Message, Position } from "./message.ts";
import type { Page } from "./page.ts";
import type { TopicMirror } from "./topic-client.ts";

/** Why a topic cannot be read on from where it was, although the mirror node answers. */
export type Fault =
  /** The mirror node knows no such topic: not yet, or no more. */
  | "absent"
  /** It does not have the last known message: a replica that lags. */
  | "stale"
  /** It has another message where the last known one was: another network, or a reset one. */
  | "diverged"
  /** The next message does not continue the topic; a gap also when it is asked for by number. */
  | PageFault;

/** What one read brought. */
export type ReadResult =
  | {
      readonly kind: "messages";
      readonly messages: readonly Message[];
      /** Whether the mirror node has no more at the moment. */
      readonly atHead: boolean;
    }
  | { readonly kind: "fault"; readonly fault: Fault };

/** Reads a topic page by page, each message once and in order. */
export interface TopicReader {
  /** The last message that was read. */
  readonly position: Position | null;
  /** Reads on. @throws MirrorError and reads from the same place again the next time */
  read(options: ReadOptions): Promise<ReadResult>;
}

/** What to read. */
export interface TopicReaderOptions {
  readonly mirror: TopicMirror;
  readonly topic: TopicId;
  /** The last message already known, or null to begin at the topic's beginning. */
  readonly from: Position | null;
  /** Whether to recompute every running hash. */
  readonly verify: boolean;
}

/** Messages a page: the most that a mirror node gives. */
const PAGE = 100;
const NANOSECOND = 1n;

/**
 * A reader of a topic.
 *
 * Each read that does not follow a link asks for the last known message again,
 * and so proves that this mirror node continues the same topic: an empty answer
 * is then never mistaken for "nothing new" when a replica lags or the network was
 * reset.
 */
export function createTopicReader(options: TopicReaderOptions): TopicReader {
  const { mirror, topic, verify } = options;
  let position = options.from;
  let next: Page<Message>["next"] = null;
  let exists = false;

  function firstPage(by: "timestamp" | "sequence", options: ReadOptions): Promise<Page<Message>> {
    const query = { topic, limit: PAGE, order: "asc" } as const;
    if (position === null) return mirror.topicMessages(query, options);
    return by === "timestamp"
      ? mirror.topicMessages({ ...query, after: position.timestamp - NANOSECOND }, options)
      : mirror.topicMessages({ ...query, sequenceAfter: position.sequence - 1 }, options);
  }

  /** A fault that the page shows before its messages are looked at. */
  async function faultOf(page: Page<Message>, options: ReadOptions): Promise<Fault | null> {
    if (position !== null) {
      const anchor = anchorIn(page.items, position);
      if (anchor === "different") return "diverged";
      if (anchor !== "missing") {
        position = anchor;
        return null;
      }
    } else if (exists || page.items.length > 0) {
      exists = true;
      return null;
    }
    exists = (await mirror.topic(topic, options)) !== null;
    if (!exists) return "absent";
    return position === null ? null : "stale";
  }

  function take(page: Page<Message>): Advance {
    const advanced = advance(position, page.items, verify);
    position = advanced.position;
    next = advanced.fault === null ? page.next : null;
    return advanced;
  }

  async function read(options: ReadOptions): Promise<ReadResult> {
    const follow = next;
    next = null;
    const page = follow === null ? await firstPage("timestamp", options) : await follow(options);
    const fault = follow === null ? await faultOf(page, options) : null;
    if (fault !== null) return { kind: "fault", fault };

    let advanced = take(page);
    if (advanced.fault === "gap" && advanced.messages.length === 0) {
      // Replicas behind one address may differ; ask for exactly what is missing.
      advanced = take(await firstPage("sequence", options));
    }
    if (advanced.messages.length === 0 && advanced.fault !== null) {
      return { kind: "fault", fault: advanced.fault };
    }
    const atHead = next === null && advanced.fault === null;
    return { kind: "messages", messages: advanced.messages, atHead };
  }

  return {
    get position() {
      return position;
    },
    read,
  };
}
