/** A log of any length with right running hashes and checkpoints, and a mirror node that shows it. */

import { type Body, encodeEntry } from "../../../lib/festival/entry/entry.ts";
import { fold } from "../../../lib/festival/fold.ts";
import type { State } from "../../../lib/festival/state.ts";
import { BODIES } from "../../../lib/festival/testing/bodies.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../../../lib/festival/testing/log.ts";
import { begin, play } from "../../../lib/festival/testing/player.ts";
import type { AccountId } from "../../../lib/hedera/id.ts";
import {
  formatTimestamp,
  fromMillis,
  NANOS_PER_SECOND,
  type Timestamp,
} from "../../../lib/hedera/timestamp.ts";
import type { TransactionId } from "../../../lib/hedera/transaction-id.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import { CHAIN_START, nextRunningHash } from "../../../lib/mirror/running-hash.ts";

const TOPIC = "0.0.3001";
const { vitals: VITALS } = MANIFEST.payload;
/** Heartbeats of each agent that the vitals hold. */
const BEATS = 20;

/** A log that is written with running hashes; its last entry is as young as the page expects. */
class ChainedLog extends TestLog {
  #hash = CHAIN_START.runningHash;
  #time: Timestamp;

  constructor(start: Timestamp) {
    super();
    this.#time = start;
  }

  override get now(): Timestamp {
    return this.#time;
  }

  override advance(seconds: number): void {
    this.#time += BigInt(seconds) * NANOS_PER_SECOND;
  }

  override submit(bytes: Uint8Array, payer: AccountId, id: TransactionId | null = null): State {
    this.#time += 1_000_000n;
    const timestamp = this.#time;
    const sequence = this.messages.length + 1;
    const hashed = { payer, topic: TOPIC, consensusTimestamp: timestamp, sequence, message: bytes } as const;
    this.#hash = nextRunningHash(this.#hash, hashed);
    const message: Message = {
      topic: TOPIC,
      sequence,
      timestamp,
      payer,
      bytes,
      runningHash: this.#hash,
      transactionId: { ...(id ?? { payer, validStart: timestamp }), scheduled: false, nonce: 0 },
      chunk: { number: 1, total: 1 },
    };
    this.messages.push(message);
    this.state = fold(this.state, message);
    return this.state;
  }
}

/** A mirror node with one topic on it. */
export interface LongLog {
  readonly url: string;
  readonly topic: string;
  readonly vitals: string;
  readonly length: number;
  /** Lets so many more entries come, at once. */
  add(count: number): void;
  stop(): Promise<void>;
}

/**
 * Plays a festival for so many entries, in this process, and shows it over REST.
 *
 * @param compressed whether its answers are, as a mirror node's are by default (`hiero.mirror.rest.response.compression`)
 */
export function startLongLog(count: number, { compressed = false } = {}): LongLog {
  const log = new ChainedLog(fromMillis(Date.now()) - BigInt(count) * 3n * NANOS_PER_SECOND);
  begin(log);
  let move = 0;
  const add = (more: number) => {
    const until = log.messages.length + more;
    while (log.messages.length < until) {
      play(log, { pick: move, way: 1, wait: 1 });
      move += 1;
    }
  };
  add(count - 1);
  const topics = new Map<string, readonly Message[]>([
    [TOPIC, log.messages],
    [VITALS, vitalsOf(fromMillis(Date.now()))],
  ]);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const plain = answer(topics, new URL(request.url));
      return compressed ? await zipped(plain) : plain;
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    topic: TOPIC,
    vitals: VITALS,
    get length() {
      return log.messages.length;
    },
    add,
    stop: () => server.stop(true),
  };
}

const HEADERS = { "access-control-allow-origin": "*", "content-type": "application/json" };

/** What the agents of the log say of themselves, up to now. */
function vitalsOf(now: Timestamp): readonly Message[] {
  const roles = Object.values(MANIFEST.payload.roles);
  const agents = roles.flatMap((role) => Object.entries(role ?? {}));
  const said = Array.from({ length: BEATS }, (_, beat) =>
    agents.map(([agent, payer]) => ({ payer, bytes: encodeEntry(heartbeat(agent, beat)) })),
  ).flat();
  const report = { ...BODIES.pnl_report, payload: { ...BODIES.pnl_report.payload, agent_id: "defi-001" } };
  said.push({ payer: ACCOUNTS.defi, bytes: encodeEntry(report) });
  return said.map(({ payer, bytes }, index) => ({
    topic: VITALS,
    sequence: index + 1,
    timestamp: now - BigInt(said.length - index) * NANOS_PER_SECOND,
    payer,
    bytes,
    runningHash: CHAIN_START.runningHash,
    transactionId: null,
    chunk: { number: 1, total: 1 },
  }));
}

function heartbeat(agent_id: string, beat: number): Body<"heartbeat"> {
  const counts = { completed_tasks: beat, failed_tasks: 0, rss_mb: 120, sequence: 1 };
  const balance = 1_000_000_000n - BigInt(beat) * 1_000n;
  return {
    v: 1,
    type: "heartbeat",
    payload: { agent_id, status: "idle", uptime_seconds: beat * 5, balance, ...counts },
  };
}

function answer(topics: ReadonlyMap<string, readonly Message[]>, { pathname, searchParams }: URL): Response {
  const topic = /^\/api\/v1\/topics\/([\d.]+)\/messages/.exec(pathname)?.[1] ?? "";
  const messages = topics.get(topic);
  if (messages === undefined) return absent();
  const prefix = `/api/v1/topics/${topic}/messages`;
  if (pathname.startsWith(`${prefix}/`)) {
    const message = messages[Number(pathname.slice(prefix.length + 1)) - 1];
    return message === undefined ? absent() : json(wire(message));
  }
  if (pathname !== prefix) return absent();
  const limit = Number(searchParams.get("limit") ?? 25);
  if (searchParams.get("order") === "desc") {
    return json({ messages: messages.slice(-limit).toReversed().map(wire), links: { next: null } });
  }
  // As mirror nodes do: sequence numbers begin at 1.
  if (searchParams.get("sequencenumber") === "gt:0") return new Response(null, { status: 400 });
  const from = firstOf(messages, searchParams);
  const page = messages.slice(from, from + limit);
  const last = page.at(-1);
  const more = from + limit < messages.length && last !== undefined;
  const next = more ? `${prefix}?limit=${limit}&order=asc&sequencenumber=gt:${last.sequence}` : null;
  return json({ messages: page.map(wire), links: { next } });
}

function firstOf(messages: readonly Message[], query: URLSearchParams): number {
  const after = query.get("sequencenumber");
  if (after !== null) return Number(after.slice("gt:".length));
  const time = query.get("timestamp");
  if (time === null) return 0;
  const [seconds = "0", nanos = "0"] = time.slice("gt:".length).split(".");
  const bound = BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos);
  const index = messages.findLastIndex(({ timestamp }) => timestamp <= bound);
  return index + 1;
}

/** What was shown already: how fast this server is, is not what is measured. */
const shown = new WeakMap<Message, ReturnType<typeof wireOf>>();

function wire(message: Message): ReturnType<typeof wireOf> {
  const known = shown.get(message) ?? wireOf(message);
  shown.set(message, known);
  return known;
}

function wireOf({ topic, sequence, timestamp, payer, bytes, runningHash, transactionId }: Message) {
  return {
    chunk_info: {
      initial_transaction_id: {
        account_id: transactionId?.payer ?? payer,
        nonce: 0,
        scheduled: false,
        transaction_valid_start: formatTimestamp(transactionId?.validStart ?? timestamp),
      },
      number: 1,
      total: 1,
    },
    consensus_timestamp: formatTimestamp(timestamp),
    message: Buffer.from(bytes).toString("base64"),
    payer_account_id: payer,
    running_hash: Buffer.from(runningHash).toString("base64"),
    running_hash_version: 3,
    sequence_number: sequence,
    topic_id: topic,
  };
}

function json(body: unknown): Response {
  return Response.json(body, { headers: HEADERS });
}

async function zipped(response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  headers.set("content-encoding", "gzip");
  return new Response(Bun.gzipSync(await response.arrayBuffer()), { status: response.status, headers });
}

function absent(): Response {
  return Response.json(
    { _status: { messages: [{ message: "Not found" }] } },
    { status: 404, headers: HEADERS },
  );
}
