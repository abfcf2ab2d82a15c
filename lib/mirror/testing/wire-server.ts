import { formatTimestamp, parseTimestamp } from "../../hedera/timestamp.ts";
import type { Message } from "../message.ts";
import { messageWire, type TopicLog } from "./topic-log.ts";

/** An answer to a request instead of the regular one, or undefined to let it pass. */
export type Fault = (url: URL) => Response | Promise<Response> | undefined;

/** An HTTP server on the loopback interface that answers as a mirror node does, and as it does on a bad day. */
export interface WireServer {
  readonly url: string;
  /** Path and query of every request so far. */
  readonly requests: string[];
  /** Decides about the next requests, one each, in this order; after that they are answered regularly. */
  readonly faults: Fault[];
  /** Answers by path, before topics are looked at. */
  readonly answers: Map<string, unknown>;
  /** Serves a topic. */
  add(log: TopicLog): void;
  /** Forgets a topic. */
  remove(log: TopicLog): void;
  stop(): Promise<void>;
}

/** Starts a {@link WireServer} on a free port. */
export function startWireServer(): WireServer {
  const requests: string[] = [];
  const faults: Fault[] = [];
  const answers = new Map<string, unknown>();
  const logs = new Map<string, TopicLog>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const url = new URL(request.url);
      requests.push(url.pathname + url.search);
      const fault = await faults.shift()?.(url);
      return fault ?? regularAnswer(url, answers, logs);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    requests,
    faults,
    answers,
    add: (log) => logs.set(log.topic, log),
    remove: (log) => logs.delete(log.topic),
    stop: () => server.stop(true),
  };
}

/** The mirror node's error body. */
export function errorAnswer(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ _status: { messages: [{ message }] } }, { status, headers });
}

/** A response that breaks off in the middle of its body. */
export function cutAnswer(): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"messages":['));
      controller.error();
    },
  });
  return new Response(body, { headers: { "content-length": "1000" } });
}

/** A page with exactly these messages. */
export function pageAnswer(messages: readonly Message[], next: string | null = null): Response {
  return Response.json({ messages: messages.map(messageWire), links: { next } });
}

/** The regular page of `log` for a request, as a mirror node that has its first `known` messages. */
export function regularPage(log: TopicLog, url: URL, known = log.messages.length): Response {
  const limit = Math.min(100, Number(url.searchParams.get("limit") ?? 25));
  const descending = url.searchParams.get("order") === "desc";
  const matching = log.messages.slice(0, known).filter((message) => matches(message, url));
  if (descending) matching.reverse();
  const page = matching.slice(0, limit);
  const last = page.at(-1);
  if (page.length < limit || last === undefined) return pageAnswer(page);
  const next = new URL(url);
  const kept = url.searchParams.getAll("timestamp").filter((value) => value.startsWith("lt") !== descending);
  next.searchParams.delete("timestamp");
  for (const value of [...kept, `${descending ? "lt" : "gt"}:${formatTimestamp(last.timestamp)}`]) {
    next.searchParams.append("timestamp", value);
  }
  return pageAnswer(page, next.pathname + next.search.replaceAll("%3A", ":"));
}

function regularAnswer(
  url: URL,
  answers: ReadonlyMap<string, unknown>,
  logs: ReadonlyMap<string, TopicLog>,
): Response {
  const answer = answers.get(url.pathname);
  if (answer !== undefined) return rawJson(answer);
  const [, id, , sequence] =
    /^\/api\/v1\/topics\/([\d.]+)(\/messages(?:\/(\d+))?)?$/.exec(url.pathname) ?? [];
  const log = logs.get(id ?? "");
  if (id !== undefined && url.pathname.endsWith("/messages")) {
    // Sequence numbers begin at 1.
    if (url.searchParams.getAll("sequencenumber").some((bound) => /^(\w+:)?0$/.test(bound)))
      return errorAnswer(400, "Invalid parameter: sequencenumber");
    return log === undefined ? pageAnswer([]) : regularPage(log, url);
  }
  if (log === undefined) return errorAnswer(404, "Not found");
  if (sequence === undefined) return Response.json(topicWire(id ?? ""));
  const message = log.messages[Number(sequence) - 1];
  return message === undefined ? errorAnswer(404, "Not found") : Response.json(messageWire(message));
}

/** JSON in which bigints are bare numbers, as the mirror node writes an int64. */
function rawJson(body: unknown): Response {
  const text = JSON.stringify(body, (_key, value) => (typeof value === "bigint" ? `int64 ${value}` : value));
  return new Response(text.replaceAll(/"int64 (-?\d+)"/g, "$1"), {
    headers: { "content-type": "application/json" },
  });
}

function topicWire(id: string): Record<string, unknown> {
  return {
    admin_key: null,
    auto_renew_account: null,
    auto_renew_period: 7_776_000,
    created_timestamp: "1600000000.000000001",
    custom_fees: { created_timestamp: "1600000000.000000001", fixed_fees: [] },
    deleted: false,
    fee_exempt_key_list: [],
    fee_schedule_key: null,
    memo: "a log",
    submit_key: { _type: "ED25519", key: "15706b229b3ba33d4a5a41ff54ce1cfe0a3d308672a33ff382f81583e02bd743" },
    timestamp: { from: "1600000000.000000001", to: null },
    topic_id: id,
  };
}

function matches(message: Message, url: URL): boolean {
  const at = (value: string) => parseTimestamp(value.includes(".") ? value : `${value}.0`);
  return (
    url.searchParams.getAll("timestamp").every((filter) => holds(filter, message.timestamp, at)) &&
    url.searchParams
      .getAll("sequencenumber")
      .every((filter) => holds(filter, BigInt(message.sequence), BigInt))
  );
}

function holds(filter: string, value: bigint, read: (text: string) => bigint): boolean {
  const [operator, operand] = filter.includes(":") ? filter.split(":") : ["eq", filter];
  const bound = read(operand ?? "");
  switch (operator) {
    case "gt":
      return value > bound;
    case "gte":
      return value >= bound;
    case "lt":
      return value < bound;
    case "lte":
      return value <= bound;
    default:
      return value === bound;
  }
}
