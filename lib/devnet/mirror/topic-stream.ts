import { FestError } from "../../hedera/error.ts";
import { entityNum, type TopicId } from "../../hedera/id.ts";
import { NANOS_PER_MILLI, type Timestamp } from "../../hedera/timestamp.ts";
import type { StreamKind } from "../fault/fault.ts";
import type { Faults } from "../fault/faults.ts";
import type { TopicMessage } from "../ledger/record.ts";
import { TOPIC } from "../store/entities.ts";
import type { Importer } from "../store/importer.ts";
import { MESSAGE } from "../store/schema.ts";
import type { Store } from "../store/store.ts";

/** What topics are streamed from. */
export interface StreamSource {
  readonly store: Store;
  readonly importer: Importer;
  readonly now: () => Timestamp;
  /** What goes wrong on purpose; default nothing. */
  readonly faults?: Faults;
}

/** Which messages of a topic are wanted (`ConsensusTopicQuery`). */
export interface TopicQuery {
  readonly topic: TopicId;
  /** Inclusive; null for now. */
  readonly start: Timestamp | null;
  /** Exclusive; null for no end. */
  readonly end: Timestamp | null;
  /** Null for no limit. */
  readonly limit: bigint | null;
}

/** The gRPC statuses that a subscription is refused with, or ends with where it breaks off. */
export const STREAM_STATUS = { INVALID_ARGUMENT: 3, NOT_FOUND: 5, UNAVAILABLE: 14 } as const;

/** That a mirror refuses a subscription, with the gRPC status that it does so. */
export class StreamRefused extends FestError {
  override readonly name = "StreamRefused";
  readonly status: (typeof STREAM_STATUS)[keyof typeof STREAM_STATUS];

  constructor(status: keyof typeof STREAM_STATUS, message: string) {
    super(`STREAM_${status}`, message);
    this.status = STREAM_STATUS[status];
  }
}

/**
 * The messages of a topic as they go over one stream: as {@link topicMessages}
 * has them, but for the faults of its kind.
 *
 * @throws StreamRefused also where the stream breaks off
 */
export async function* streamedMessages(
  stream: StreamKind,
  source: StreamSource,
  query: TopicQuery,
  signal: AbortSignal,
): AsyncGenerator<TopicMessage> {
  const { faults } = source;
  if (faults === undefined) return yield* topicMessages(source, query, signal);
  const cut = faults.cutSignal;
  const ended = AbortSignal.any([signal, cut]);
  for await (const message of topicMessages(source, query, ended)) {
    await faults.untilFlowing(stream, ended);
    if (ended.aborted) break;
    const copies = faults.deliveries(stream);
    if (copies === 0) throw brokenOff();
    yield message;
    if (copies === 2) yield message;
  }
  if (cut.aborted) throw brokenOff();
}

function brokenOff(): StreamRefused {
  return new StreamRefused("UNAVAILABLE", "a fault of devnet: the stream is cut");
}

/** How long an open subscription waits for a wake-up before it looks by itself. */
const SAFETY_QUERY_MS = 1000;
const PAGE = 500;

/**
 * The messages of a topic from `start` on, first those that the mirror has,
 * then each as it becomes visible, none twice and none left out. Ends at the
 * limit or once the end time has passed.
 *
 * @throws StreamRefused for an unknown topic or an impossible time range
 */
export async function* topicMessages(
  source: StreamSource,
  query: TopicQuery,
  signal: AbortSignal,
): AsyncGenerator<TopicMessage> {
  const start = checkedStart(source, query);
  const wake = wakeUps(source.importer, query.topic, signal);
  try {
    let next = start;
    let left = query.limit;
    while (!signal.aborted && left !== 0n) {
      const isOver = query.end !== null && source.importer.visibleUntil(source.now()) >= query.end;
      const page = left !== null && left < BigInt(PAGE) ? Number(left) : PAGE;
      const rows = messagesFrom(source.store, query, next, page);
      for (const message of rows) {
        yield message;
        if (signal.aborted) return;
        next = message.consensusTimestamp + 1n;
        if (left !== null) left -= 1n;
      }
      if (rows.length === page) continue;
      if (isOver) return;
      await wake.next();
    }
  } finally {
    wake.stop();
  }
}

function checkedStart({ store, now }: StreamSource, { topic, start, end }: TopicQuery): Timestamp {
  const present = now();
  // The ledger's times may run ahead of its clock's milliseconds, and a subscriber resumes right after the last one.
  if (start !== null && start > later(present, store.lastBlock?.to ?? 0n) + NANOS_PER_MILLI) {
    throw new StreamRefused("INVALID_ARGUMENT", "Start time must be before the current time");
  }
  const from = start ?? present;
  if (end !== null && end <= from) {
    throw new StreamRefused("INVALID_ARGUMENT", "End time must be after start time");
  }
  if (store.row(TOPIC, 'WHERE "id" = ?', [entityNum(topic)]) !== null) return from;
  const isOther = ["account", "token", "schedule"].some(
    (table) => store.raw(`SELECT 1 FROM "${table}" WHERE "id" = ?`, [entityNum(topic)]).length > 0,
  );
  if (isOther) throw new StreamRefused("INVALID_ARGUMENT", `${topic} is not a valid topic`);
  throw new StreamRefused("NOT_FOUND", `${topic} does not exist`);
}

function later(a: Timestamp, b: Timestamp): Timestamp {
  if (a > b) return a;
  return b;
}

function messagesFrom(
  store: Store,
  { topic, end }: TopicQuery,
  next: Timestamp,
  limit: number,
): TopicMessage[] {
  const until = end === null ? "" : 'AND "consensusTimestamp" < ?';
  const tail = `INDEXED BY messageByTime WHERE "topic" = ? AND "consensusTimestamp" >= ? ${until}
    ORDER BY "consensusTimestamp" LIMIT ?`;
  const bounds = end === null ? [next] : [next, end];
  return store.rows(MESSAGE, tail, [entityNum(topic), ...bounds, BigInt(limit)]);
}

function wakeUps(importer: Importer, topic: TopicId, signal: AbortSignal) {
  let pending = false;
  let resolve: (() => void) | null = null;
  const wake = () => {
    pending = true;
    resolve?.();
  };
  const stop = importer.onBlock((_, items) => {
    if (items.some(({ message }) => message?.topic === topic)) wake();
  });
  signal.addEventListener("abort", wake);
  return {
    async next(): Promise<void> {
      if (!pending && !signal.aborted) {
        const timer = setTimeout(wake, SAFETY_QUERY_MS);
        await new Promise<void>((done) => {
          resolve = done;
        });
        clearTimeout(timer);
        resolve = null;
      }
      pending = false;
    },
    stop() {
      stop();
      signal.removeEventListener("abort", wake);
    },
  };
}
