import * as z from "zod/mini";
import type { AccountId, TopicId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import { MirrorMalformed } from "./error.ts";
import { accountId, key, links, type MirrorKey, timestamp, topicId } from "./field.ts";
import { type Http, pathWithQuery, type ReadOptions, timestampBounds } from "./http.ts";
import { type Message, messageSchema } from "./message.ts";
import { type Page, type PageQuery, readPage } from "./page.ts";

/** A topic. The mirror node has no message count here; see {@link TopicReads.latestMessage}. */
export interface MirrorTopic {
  readonly id: TopicId;
  readonly memo: string;
  readonly adminKey: MirrorKey | null;
  readonly submitKey: MirrorKey | null;
  readonly autoRenewAccount: AccountId | null;
  readonly created: Timestamp | null;
  readonly deleted: boolean;
}

/** Which messages of a topic; all bounds exclude the message that they name. */
export interface TopicMessagesQuery extends PageQuery {
  readonly topic: TopicId;
  readonly after?: Timestamp;
  readonly before?: Timestamp;
  /** 0, which no message has and no mirror node takes, bounds nothing. */
  readonly sequenceAfter?: number;
  readonly sequenceBefore?: number;
}

/** What can be read of topics. Every method throws {@link MirrorError}s. */
export interface TopicReads {
  /** The topic, or null if there is none. */
  topic(id: TopicId, options?: ReadOptions): Promise<MirrorTopic | null>;
  /** A page of messages, oldest first by default. The mirror node answers an unknown topic like an empty one. */
  topicMessages(query: TopicMessagesQuery, options?: ReadOptions): Promise<Page<Message>>;
  /** The message with a sequence number, or null if the mirror node does not have it (yet). */
  topicMessage(topic: TopicId, sequence: number, options?: ReadOptions): Promise<Message | null>;
  /** The newest message, or null on an empty or unknown topic. */
  latestMessage(topic: TopicId, options?: ReadOptions): Promise<Message | null>;
}

const topicSchema = z.pipe(
  z.object({
    topic_id: topicId,
    memo: z.string(),
    admin_key: key,
    submit_key: key,
    auto_renew_account: z.nullable(accountId),
    created_timestamp: z.nullable(timestamp),
    deleted: z.nullable(z.boolean()),
  }),
  z.transform(
    (wire): MirrorTopic => ({
      id: wire.topic_id,
      memo: wire.memo,
      adminKey: wire.admin_key,
      submitKey: wire.submit_key,
      autoRenewAccount: wire.auto_renew_account,
      created: wire.created_timestamp,
      deleted: wire.deleted ?? false,
    }),
  ),
);

const messagesSchema = z.object({ messages: z.array(messageSchema), links });

/** The reads of `/topics`. */
export function topicReads(http: Http): TopicReads {
  async function topicMessages(query: TopicMessagesQuery, options?: ReadOptions): Promise<Page<Message>> {
    return readPage(
      http,
      messagesPath(query),
      messagesSchema,
      ({ messages }) => messages.map((message) => onTopic(query.topic, message)),
      options,
    );
  }

  return {
    topic: (id, options) => http.find(`/api/v1/topics/${id}`, topicSchema, options),
    topicMessages,
    async topicMessage(topic, sequence, options) {
      const path = `/api/v1/topics/${topic}/messages/${sequence}`;
      const message = await http.find(path, messageSchema, options);
      if (message !== null && message.sequence !== sequence) {
        throw new MirrorMalformed(`${http.baseUrl}${path} answered with message ${message.sequence}`);
      }
      return message && onTopic(topic, message);
    },
    async latestMessage(topic, options) {
      const page = await topicMessages({ topic, order: "desc", limit: 1 }, options);
      return page.items[0] ?? null;
    },
  };
}

function messagesPath({ topic, limit, order, ...bounds }: TopicMessagesQuery): string {
  const { sequenceAfter, sequenceBefore } = bounds;
  return pathWithQuery(`/api/v1/topics/${topic}/messages`, [
    ["limit", limit],
    ["order", order],
    ["sequencenumber", sequenceAfter ? `gt:${sequenceAfter}` : undefined],
    ["sequencenumber", sequenceBefore === undefined ? undefined : `lt:${sequenceBefore}`],
    ...timestampBounds(bounds.after, bounds.before),
  ]);
}

function onTopic(topic: TopicId, message: Message): Message {
  if (message.topic === topic) return message;
  throw new MirrorMalformed(`asked for messages of ${topic}, got one of ${message.topic}`);
}
