import type { Hono } from "hono";
import { type CheckedTransaction, Ledger } from "../../lib/devnet/ledger/ledger.ts";
import type { RecordItem } from "../../lib/devnet/ledger/record.ts";
import { restApp } from "../../lib/devnet/mirror/rest.ts";
import { Store } from "../../lib/devnet/store/store.ts";
import { NANOS_PER_MILLI, type Timestamp } from "../../lib/hedera/timestamp.ts";
import { formatTransactionId } from "../../lib/hedera/transaction-id.ts";
import { devnetTransport } from "../../lib/ledger/testing/devnet-transport.ts";
import type { Transport } from "../../lib/ledger/transport.ts";
import type { Fetch } from "../../lib/mirror/http.ts";
import type { Life } from "./life.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import { RATE, type Snapshot } from "./snapshot.ts";
import type { MirrorMood, NodeMood, Weather } from "./weather.ts";

/** How long a call waits for an answer that doesn't come. */
const SILENCE_MS = 3_000;

interface Pending {
  readonly item: RecordItem;
  /** When the mirror shows it. */
  readonly visibleAt: Timestamp;
}

/** A view of the ledger: a store, and what has not been brought into it yet. */
interface View {
  readonly store: Store;
  readonly app: Hono;
  behind: Pending[];
  /** Answers that still hold: nothing was brought in since. */
  readonly answers: Map<string, Answer>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What a network in virtual time is made of. */
export interface NetworkOptions {
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  readonly random: Random;
  readonly snapshot: Snapshot;
  /** Told of every record at its consensus. */
  readonly onRecord: (item: RecordItem) => void;
  /** Told that the mirror shows more than before. */
  readonly onVisible: () => void;
}

/** A whole Hedera network without sockets: devnet's real ledger, store and REST API, in virtual time and bad weather. */
export class SimulatedNetwork {
  readonly ledger: Ledger;
  readonly #options: NetworkOptions;
  readonly #main: View;
  /** A replica of the mirror node that is brought forward now and then. */
  #replica: View | null = null;
  readonly #history: Pending[] = [];
  readonly #memos = new Map<string, string>();
  #lastVisible: Timestamp = 0n;
  #inFlight = 0;

  constructor(options: NetworkOptions) {
    const { scheduler, snapshot } = options;
    this.#options = options;
    this.#main = openView(snapshot, () => scheduler.now);
    this.ledger = new Ledger({
      now: () => scheduler.now,
      rate: RATE,
      state: snapshot.state,
      records: snapshot.items.map(({ record }) => record),
      onRecord: (item) => this.#record(item),
    });
  }

  /** Transactions between pre-check and consensus. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The way of an agent's process to the consensus node. */
  transport(agent: string, life: Life): Transport {
    const { scheduler, weather } = this.#options;
    const call = async <T>(
      take: (direct: Transport) => Promise<T>,
      unreachable: T,
      instead: Partial<Record<NodeMood, T>>,
    ): Promise<T> => {
      await this.#travel();
      const mood = weather.node(agent);
      if (mood === "unreachable") {
        await scheduler.wait(SILENCE_MS);
        return unreachable;
      }
      const said = instead[mood];
      if (said !== undefined) return said;
      const answer = await take(this.#direct(mood));
      if (mood !== "deaf") {
        await this.#travel();
        return answer;
      }
      await scheduler.wait(SILENCE_MS);
      return unreachable;
    };
    const silence = { receipt: null, status: "UNREACHABLE" } as const;
    const ignorance = { receipt: null, status: "RECEIPT_NOT_FOUND" } as const;
    return {
      submit: (transaction) =>
        life.step("submit", () =>
          call((direct) => direct.submit(transaction), "UNREACHABLE", { busy: "BUSY" }),
        ),
      receipt: (node, id) =>
        life.step("receipt", () =>
          call((direct) => direct.receipt(node, id), silence, {
            ignorant: ignorance,
            busy: { receipt: null, status: "BUSY" },
          }),
        ),
      memo: (node, id) => life.step("memo", () => call((direct) => direct.memo(node, id), null, {})),
      close: () => undefined,
    };
  }

  /** A way to the node on which nothing goes wrong and no time passes, for those who are not tested. */
  quietTransport(): Transport {
    return devnetTransport({
      ledger: this.ledger,
      send: (transaction) => this.ledger.handle(transaction),
      memo: (id) => this.#memos.get(formatTransactionId(id)) ?? null,
    });
  }

  /** The way of an agent's process to the mirror node. */
  fetch(agent: string, life: Life): Fetch {
    return (url, init) =>
      life.step("read", () => abortable(this.#read(url, this.#options.weather.mirror(agent)), init.signal));
  }

  /** The mirror node as it is, with everything that reached consensus. */
  readonly quietFetch: Fetch = async (url) => {
    this.#bring(this.#main, null);
    return this.#main.app.fetch(new Request(url));
  };

  /** Ends it. */
  close(): void {
    this.#main.store.close();
    this.#replica?.store.close();
  }

  #direct(mood: NodeMood): Transport {
    return devnetTransport({
      ledger: this.ledger,
      send: (transaction) => this.#send(transaction, mood),
      memo: (id) => this.#memos.get(formatTransactionId(id)) ?? null,
    });
  }

  #send(transaction: CheckedTransaction, mood: NodeMood): void {
    if (mood === "losing") return;
    const { weather } = this.#options;
    this.#bringToConsensus(transaction, weather.latencyMs(mood));
    if (mood === "doubled") this.#bringToConsensus(transaction, weather.latencyMs(mood));
  }

  #bringToConsensus(transaction: CheckedTransaction, latencyMs: number): void {
    this.#inFlight += 1;
    this.#options.scheduler.after(latencyMs, () => {
      this.#inFlight -= 1;
      this.ledger.handle(transaction);
    });
  }

  #record(item: RecordItem): void {
    const { scheduler, weather, onRecord, onVisible } = this.#options;
    const { payer, validStart, memo, scheduled } = item.record;
    const id = formatTransactionId({ payer, validStart });
    if (!scheduled && !this.#memos.has(id)) this.#memos.set(id, new TextDecoder().decode(memo));
    onRecord(item);
    const lagMs = weather.lagMs();
    const visibleAt = scheduler.now + BigInt(lagMs) * NANOS_PER_MILLI;
    if (visibleAt > this.#lastVisible) this.#lastVisible = visibleAt;
    const pending = { item, visibleAt: this.#lastVisible };
    this.#main.behind.push(pending);
    this.#replica?.behind.push(pending);
    this.#history.push(pending);
    scheduler.after(Number((this.#lastVisible - scheduler.now) / NANOS_PER_MILLI) + 1, onVisible);
  }

  /** Brings into a view what is visible; everything with null. */
  #bring(view: View, upTo: Timestamp | null): void {
    const waiting = upTo === null ? -1 : view.behind.findIndex(({ visibleAt }) => visibleAt > upTo);
    const ready = waiting === -1 ? view.behind : view.behind.slice(0, waiting);
    if (ready.length === 0) return;
    view.behind = waiting === -1 ? [] : view.behind.slice(waiting);
    view.store.ingest(ready.map(({ item }) => item));
    view.answers.clear();
  }

  async #read(url: string, mood: MirrorMood): Promise<Response> {
    const { scheduler, random } = this.#options;
    await this.#travel();
    if (mood === "cut") throw new TypeError("the connection was cut");
    if (mood === "unavailable") return refusal(503, {});
    if (mood === "throttled") return refusal(429, { "retry-after": String(random.between(1, 8)) });
    if (mood === "slow") await scheduler.wait(random.between(2_000, 20_000));
    const view = mood === "stale" ? this.#openReplica() : this.#main;
    const behindMs = mood === "stale" ? this.#options.weather.staleMs() : 0;
    this.#bring(view, scheduler.now - BigInt(behindMs) * NANOS_PER_MILLI);
    const { status, text } = await answerOf(view, url);
    await this.#travel();
    return new Response(mood === "doubled" ? doubled(text) : text, { status });
  }

  #openReplica(): View {
    const { snapshot, scheduler } = this.#options;
    this.#replica ??= { ...openView(snapshot, () => scheduler.now), behind: [...this.#history] };
    return this.#replica;
  }

  #travel(): Promise<void> {
    const { scheduler, random } = this.#options;
    return scheduler.wait(random.between(1, 40));
  }
}

function openView(snapshot: Snapshot, now: () => Timestamp): View {
  const store = new Store(null);
  store.ingestGenesis(snapshot.genesis);
  store.ingest(snapshot.items);
  return { store, app: restApp({ store, now, rate: RATE, nodes: [] }), behind: [], answers: new Map() };
}

/** Polls ask the same again and again: what is known is not looked up anew. */
async function answerOf({ app, answers }: View, url: string): Promise<Answer> {
  const known = answers.get(url);
  if (known !== undefined) return known;
  const response = await app.fetch(new Request(url));
  const answer = { status: response.status, text: await response.text() };
  answers.set(url, answer);
  return answer;
}

function refusal(status: number, headers: Record<string, string>): Response {
  return new Response(JSON.stringify({ _status: { messages: [{ message: "not now" }] } }), {
    status,
    headers,
  });
}

/** A page of messages with each of them twice, backwards; anything else as it is. */
function doubled(text: string): string {
  const body: unknown = JSON.parse(text);
  if (typeof body !== "object" || body === null || !("messages" in body) || !Array.isArray(body.messages)) {
    return text;
  }
  const messages = body.messages.flatMap((message: unknown) => [message, message]).reverse();
  return JSON.stringify({ ...body, messages });
}

/** What `work` comes to, unless the signal is aborted before. */
function abortable<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException("aborted", "AbortError"));
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
