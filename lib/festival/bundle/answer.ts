import type { Fetch } from "../../mirror/http.ts";
import { stringifyJson } from "../../mirror/json-text.ts";
import type { Bundle, BundleRecord } from "./bundle.ts";

type Of<Kind extends BundleRecord["kind"]> = Extract<BundleRecord, { kind: Kind }>["body"];
type MessageBody = Of<"message">;
type TransactionBody = Of<"transaction">;

/** Items a page, as a mirror node gives by default and at most. */
const PAGE = 25;
const MAX_PAGE = 100;

let opened = 0;

/** A base URL for the mirror node that a bundle stands for: each its own, and nobody's. */
export function bundleUrl(): string {
  opened += 1;
  return `http://bundle-${opened}.invalid`;
}

/**
 * Answers a mirror node's REST requests from a bundle, and from nothing else: what
 * reads a mirror node reads a bundle without knowing it. What the bundle does not
 * hold is not found; a kind of request that it cannot answer is refused.
 */
export function bundleFetch(bundle: Bundle): Fetch {
  const shelf = new Shelf(bundle.records);
  return async (url) => shelf.answer(new URL(url));
}

class Shelf {
  readonly #messages = new Map<string, MessageBody[]>();
  readonly #transactions = new Map<string, TransactionBody[]>();
  /** By the account that paid, gained or lost. */
  readonly #ofAccount = new Map<string, TransactionBody[]>();
  readonly #things = new Map<string, unknown>();
  /** The newest one that was seen: how far the mirror node was. */
  #block: Of<"block"> | null = null;
  readonly #rates: { readonly at: string; readonly body: Of<"rate"> }[] = [];

  constructor(records: readonly BundleRecord[]) {
    for (const one of records) this.#put(one);
    for (const list of this.#messages.values()) list.sort((a, b) => a.sequence_number - b.sequence_number);
    for (const list of [...this.#transactions.values(), ...this.#ofAccount.values()])
      list.sort((a, b) => compareTimes(a.consensus_timestamp, b.consensus_timestamp));
    this.#rates.sort((a, b) => compareTimes(a.at, b.at));
  }

  answer({ pathname: path, searchParams: query }: URL): Response {
    const messages = /^\/api\/v1\/topics\/([\d.]+)\/messages(?:\/(\d+))?$/.exec(path);
    if (messages?.[1] !== undefined) return this.#answerMessages(path, messages[1], messages[2], query);
    const byId = /^\/api\/v1\/transactions\/([\d.-]+)$/.exec(path)?.[1];
    if (byId !== undefined) return this.#answerTransaction(byId, query);
    if (path === "/api/v1/transactions") return this.#answerTransactions(path, query);
    if (path === "/api/v1/network/exchangerate") return this.#answerRate(query);
    if (path === "/api/v1/blocks")
      return json({ blocks: this.#block === null ? [] : [this.#block], links: { next: null } });
    const thing = /^\/api\/v1\/((?:topics|schedules|tokens)\/[\d.]+)$/.exec(path)?.[1];
    if (thing === undefined) return new Response("a bundle has no such list", { status: 404 });
    const found = this.#things.get(thing);
    return found === undefined ? notFound() : json(found);
  }

  #put(one: BundleRecord): void {
    switch (one.kind) {
      case "message":
        push(this.#messages, one.body.topic_id, one.body);
        break;
      case "transaction":
        this.#putTransaction(one.body);
        break;
      case "block":
        if (this.#block === null || this.#block.number < one.body.number) this.#block = one.body;
        break;
      case "rate":
        this.#rates.push(one);
        break;
      case "schedule":
        this.#things.set(`schedules/${one.body.schedule_id}`, one.body);
        break;
      case "token":
        this.#things.set(`tokens/${one.body.token_id}`, one.body);
        break;
      case "topic":
        this.#things.set(`topics/${one.body.topic_id}`, one.body);
    }
  }

  #putTransaction(body: TransactionBody): void {
    push(this.#transactions, body.transaction_id, body);
    const payer = body.transaction_id.slice(0, body.transaction_id.indexOf("-"));
    const parties = [...body.transfers, ...body.token_transfers].map(({ account }) => String(account));
    for (const account of new Set([payer, ...parties])) push(this.#ofAccount, account, body);
  }

  #answerMessages(path: string, topic: string, sequence: string | undefined, query: URLSearchParams) {
    const all = this.#messages.get(topic) ?? [];
    if (sequence !== undefined) {
      const found = all.find((one) => one.sequence_number === Number(sequence));
      return found === undefined ? notFound() : json(found);
    }
    const numbers = query.getAll("sequencenumber");
    const times = query.getAll("timestamp");
    const fitting = all.filter(
      (one) =>
        numbers.every((bound) => fits(bound, String(one.sequence_number))) &&
        times.every((bound) => fits(bound, one.consensus_timestamp)),
    );
    const page = cut(fitting, query, "asc");
    return list("messages", page, path, query, "sequencenumber", (one) => String(one.sequence_number));
  }

  #answerTransaction(id: string, query: URLSearchParams): Response {
    const scheduled = query.get("scheduled");
    const nonce = query.get("nonce");
    const found = (this.#transactions.get(id) ?? []).filter(
      (one) =>
        (scheduled === null || String(one.scheduled) === scheduled) &&
        (nonce === null || String(one.nonce) === nonce),
    );
    return found.length === 0 ? notFound() : json({ transactions: found });
  }

  #answerTransactions(path: string, query: URLSearchParams): Response {
    const account = query.get("account.id");
    const type = query.get("transactiontype")?.toUpperCase();
    const result = query.get("result");
    const times = query.getAll("timestamp");
    const all =
      account === null ? [...this.#transactions.values()].flat() : (this.#ofAccount.get(account) ?? []);
    const fitting = all.filter(
      (one) =>
        (type === undefined || one.name === type) &&
        (result === null || (result === "success") === (one.result === "SUCCESS")) &&
        times.every((bound) => fits(bound, one.consensus_timestamp)),
    );
    const page = cut(fitting, query, "desc");
    return list("transactions", page, path, query, "timestamp", (one) => one.consensus_timestamp);
  }

  /** The rate that was set at or before the time, if an answer for that time or a later one says so. */
  #answerRate(query: URLSearchParams): Response {
    const asked = query.get("timestamp")?.replace(/^lte:/, "");
    if (asked === undefined) {
      const newest = this.#rates.findLast(({ body }) => body !== null)?.body;
      return newest ? json(newest) : notFound();
    }
    const known = this.#rates.find(
      ({ at, body }) =>
        at === asked ||
        (body !== null && compareTimes(body.timestamp, asked) <= 0 && compareTimes(asked, at) <= 0),
    );
    return known?.body ? json(known.body) : notFound();
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** `seconds.nanoseconds`, or whole numbers, as text: the longer is the greater. */
function compareTimes(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}

/** Whether a value keeps a bound such as `gt:12` or, of times, `lte:17.000000000`. */
function fits(bound: string, value: string): boolean {
  const [operator, limit] = bound.includes(":") ? bound.split(":", 2) : ["eq", bound];
  const order = compareTimes(value, limit ?? "");
  switch (operator) {
    case "gt":
      return order > 0;
    case "gte":
      return order >= 0;
    case "lt":
      return order < 0;
    case "lte":
      return order <= 0;
    default:
      return order === 0;
  }
}

interface Cut<T> {
  readonly items: readonly T[];
  readonly more: boolean;
  readonly order: "asc" | "desc";
}

function cut<T>(items: readonly T[], query: URLSearchParams, byDefault: "asc" | "desc"): Cut<T> {
  const order = query.get("order") === "asc" ? "asc" : query.get("order") === "desc" ? "desc" : byDefault;
  const limit = Math.min(MAX_PAGE, Math.max(1, Number(query.get("limit") ?? PAGE) || PAGE));
  const inOrder = order === "asc" ? items.slice(0, limit) : items.slice(-limit).toReversed();
  return { items: inOrder, more: items.length > limit, order };
}

/** A page and the link to the next one, which begins after this one's last item. */
function list<T>(
  name: string,
  { items, more, order }: Cut<T>,
  path: string,
  query: URLSearchParams,
  bound: string,
  keyOf: (item: T) => string,
): Response {
  const last = items.at(-1);
  let next: string | null = null;
  if (more && last !== undefined) {
    const operator = order === "asc" ? "gt" : "lt";
    const kept = [...query].filter(([key, value]) => key !== bound || !value.startsWith(operator));
    const following = new URLSearchParams([...kept, [bound, `${operator}:${keyOf(last)}`]]);
    next = `${path}?${following}`;
  }
  return json({ [name]: items, links: { next } });
}

function json(body: unknown): Response {
  return new Response(stringifyJson(body), { headers: { "content-type": "application/json" } });
}

function notFound(): Response {
  return Response.json({ _status: { messages: [{ message: "Not found" }] } }, { status: 404 });
}
