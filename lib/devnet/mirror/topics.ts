import { formatTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import type { TopicMessage } from "../ledger/record.ts";
import { TOPIC } from "../store/entities.ts";
import { MESSAGE } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { Conditions } from "./conditions.ts";
import { linksOf, pageRequest, type Routes, reply, replyPage } from "./context.ts";
import { readEntityNumber } from "./entity-number.ts";
import type { Json } from "./json.ts";
import {
  type Filter,
  filters,
  limit,
  long,
  order,
  readTimestamp,
  single,
  timestamp,
  word,
} from "./parameters.ts";
import { readQuery } from "./query.ts";
import { invalidParameter, notFound, notFoundDetail, RestError } from "./rest-error.ts";
import { keyView, timeView } from "./views.ts";

/** The parameters of `topics/{id}/messages`. */
export const MESSAGE_LIST = {
  encoding: single(word(["base64", "utf-8", "utf8"]), "base64"),
  limit: limit(),
  order: order("asc"),
  sequencenumber: filters(long(1n)),
  timestamp: timestamp(),
};

const RUNNING_HASH_VERSION = 3;

/** `topics/{id}` and the three forms of its messages. */
export const topicRoutes: Routes = (app, { store }) => {
  app.get("/topics/messages/:timestamp", (c) => {
    readQuery(pageRequest(c).query, {});
    const time = readTimestamp(c.req.param("timestamp"));
    if (time === null) throw invalidParameter("timestamp");
    const message = store.row(MESSAGE, 'WHERE "consensusTimestamp" = ?', [time]);
    if (message === null) throw notFound();
    return reply(c, messageView(message), 600);
  });

  app.get("/topics/:id", (c) => {
    readQuery(pageRequest(c).query, {});
    const id = readEntityNumber(c.req.param("id"));
    if (id === null)
      throw new RestError(400, [{ message: "Bad Request", detail: "Invalid parameter: topicId" }]);
    const topic = store.row(TOPIC, 'WHERE "id" = ?', [id]);
    if (topic === null) throw notFoundDetail("Topic not found");
    return reply(
      c,
      {
        admin_key: keyView(topic.adminKey),
        auto_renew_account: topic.autoRenewAccount,
        auto_renew_period: topic.autoRenewSeconds,
        created_timestamp: timeView(topic.created),
        custom_fees: { created_timestamp: timeView(topic.created), fixed_fees: [] },
        deleted: topic.deleted,
        fee_exempt_key_list: [],
        fee_schedule_key: null,
        memo: topic.memo,
        submit_key: keyView(topic.submitKey),
        timestamp: { from: timeView(topic.modified), to: null },
        topic_id: topic.id,
      },
      5,
    );
  });

  app.get("/topics/:id/messages", (c) => {
    const request = pageRequest(c);
    const topic = readTopic(c.req.param("id"));
    const query = readQuery(request.query, MESSAGE_LIST);
    const rows = messages(store, topic, query);
    const keys = (row: TopicMessage) => [
      { parameter: "timestamp", value: formatTimestamp(row.consensusTimestamp) },
    ];
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
    return replyPage(c, { messages: rows.map((row) => messageView(row, query.encoding)), links });
  });

  app.get("/topics/:id/messages/:sequenceNumber", (c) => {
    readQuery(pageRequest(c).query, {});
    const topic = readTopic(c.req.param("id"));
    const number = long(1n)(c.req.param("sequenceNumber"));
    if (number === null) throw invalidParameter("sequenceNumber");
    const message = store.row(MESSAGE, 'WHERE "topic" = ? AND "sequenceNumber" = ?', [topic, number]);
    if (message === null) throw notFound();
    return reply(c, messageView(message), 600);
  });
};

function readTopic(text: string): bigint {
  const id = readEntityNumber(text);
  if (id === null) throw invalidParameter("topic.id");
  return id;
}

interface MessageQuery {
  readonly limit: number;
  readonly order: "asc" | "desc";
  readonly sequencenumber: readonly Filter<bigint>[];
  readonly timestamp: readonly Filter<Timestamp>[];
}

function messages(store: Store, topic: bigint, query: MessageQuery): TopicMessage[] {
  const conditions = new Conditions().add('"topic" = ?', topic).all('"consensusTimestamp"', query.timestamp);
  // Sequence numbers and times grow together, so that one ordered index serves filters on either and on both.
  for (const filter of query.sequencenumber) addSequenceNumber(conditions, store, topic, filter);
  const tail = `INDEXED BY messageByTime ${conditions.where} ORDER BY "consensusTimestamp" ${query.order} LIMIT ?`;
  return store.rows(MESSAGE, tail, [...conditions.values, BigInt(query.limit)]);
}

function addSequenceNumber(
  conditions: Conditions,
  store: Store,
  topic: bigint,
  filter: Filter<bigint>,
): void {
  const { operator, value } = filter;
  if (operator === "ne") {
    conditions.add('"sequenceNumber" <> ?', value);
    return;
  }
  const timeOf = (number: bigint, direction: "asc" | "desc"): Timestamp | null => {
    const side = direction === "asc" ? ">=" : "<=";
    const tail = `WHERE "topic" = ? AND "sequenceNumber" ${side} ? ORDER BY "sequenceNumber" ${direction} LIMIT 1`;
    return store.row(MESSAGE, tail, [topic, number])?.consensusTimestamp ?? null;
  };
  if (operator === "eq" || operator === "gt" || operator === "gte") {
    const first = timeOf(operator === "gt" ? value + 1n : value, "asc");
    conditions.add('"consensusTimestamp" >= ?', first ?? NEVER);
  }
  if (operator === "eq" || operator === "lt" || operator === "lte") {
    const last = timeOf(operator === "lt" ? value - 1n : value, "desc");
    conditions.add('"consensusTimestamp" <= ?', last ?? -1n);
  }
}

const NEVER = 2n ** 63n - 1n;

/** A message as the REST API gives it. */
function messageView(message: TopicMessage, encoding: "base64" | "utf-8" | "utf8" = "base64"): Json {
  const { chunkInfo } = message;
  return {
    chunk_info: chunkInfo && {
      initial_transaction_id: {
        account_id: chunkInfo.initialTransactionId.payer,
        nonce: chunkInfo.initialTransactionId.nonce,
        scheduled: chunkInfo.initialTransactionId.scheduled,
        transaction_valid_start: formatTimestamp(chunkInfo.initialTransactionId.validStart),
      },
      number: chunkInfo.number,
      total: chunkInfo.total,
    },
    consensus_timestamp: formatTimestamp(message.consensusTimestamp),
    message: encoding === "base64" ? message.message.toBase64() : new TextDecoder().decode(message.message),
    payer_account_id: message.payer,
    running_hash: message.runningHash.toBase64(),
    running_hash_version: RUNNING_HASH_VERSION,
    sequence_number: message.sequenceNumber,
    topic_id: message.topic,
  };
}
