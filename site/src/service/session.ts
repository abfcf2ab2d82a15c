import { CHECKPOINT_INTERVAL, stateHash } from "../../../lib/festival/checkpoint/checkpoint.ts";
import type { ColdStart } from "../../../lib/festival/checkpoint/start.ts";
import { transferOf } from "../../../lib/festival/proof/payments.ts";
import { swapOf } from "../../../lib/festival/proof/trades.ts";
import { describeError } from "../../../lib/hedera/error.ts";
import type { TokenId, TopicId } from "../../../lib/hedera/id.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Mirror } from "../../../lib/mirror/client.ts";
import { type FollowState, followBatches } from "../../../lib/mirror/follow.ts";
import type { Fetch } from "../../../lib/mirror/http.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import { createTopicMirror, type TopicMirror } from "../../../lib/mirror/topic-client.ts";
import { createWake } from "../../../lib/mirror/wake.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { EMPTY_LOG, entryAt, type LogView, logFrom, readOn } from "../ledger/feed.ts";
import { NO_VITALS, observe } from "../ledger/vitals.ts";
import type { TokenForm } from "../text/amount.ts";
import type { LogTokens } from "../text/summary.ts";
import type { Beginning } from "./beginning.ts";
import { breathe, SLICE, slicesOf } from "./breathe.ts";
import { type ChainCheck, startChain } from "./chain.ts";
import type { Lookups } from "./lookups.ts";
import { paceFor } from "./pace.ts";
import { persist } from "./patience.ts";
import { type Prover, startProver } from "./prover.ts";
import type { LedgerSnapshot } from "./snapshot.ts";

/** Reads one deployment until it is stopped. */
export interface Session {
  stop(): void;
}

/** How following a log stands whose mirror node has not answered at all. */
const UNREACHED: FollowState = {
  phase: "unreachable",
  position: null,
  provenAt: null,
  failures: 1,
  error: null,
};

const later = () => import("../later.ts");

/** Pages of 100 messages of the vitals topic that are read back in time. */
const VITALS_PAGES = 2;
/**
 * Follows a deployment's log and vitals and tells what it knows of them.
 *
 * @param publish is told what changed
 * @param fetch answers in the mirror node's place, where a file is read
 */
export function startSession(
  deployment: Deployment,
  publish: (changes: Partial<LedgerSnapshot>) => void,
  fetch?: Fetch,
): Session {
  const session = new LiveSession(deployment, publish, fetch);
  session.start();
  return { stop: () => session.stop() };
}

class LiveSession {
  readonly #deployment: Deployment;
  readonly #publish: (changes: Partial<LedgerSnapshot>) => void;
  readonly #ending = new AbortController();
  readonly #mirror: TopicMirror;
  /** The rest of the mirror node, whose reading is not part of the first picture. */
  readonly #others: Promise<Mirror>;
  readonly #wake = createWake();
  readonly #lookups: Promise<Lookups>;
  readonly #prover: Prover;
  readonly #chain: ChainCheck;
  #view: LogView = EMPTY_LOG;
  /** What was read of the log before the checkpoint that `#view` begins at. */
  #past: LogView | null = null;
  #tokens: LogTokens = { payment: null, market: null };
  /** Tokens and topic that were asked for, so that each is asked for once. */
  readonly #known = new Set<string>();
  /** Payments and trades whose transfers were asked for. */
  readonly #lookedUp = new WeakSet<object>();

  constructor(
    deployment: Deployment,
    publish: (changes: Partial<LedgerSnapshot>) => void,
    fetch: Fetch | undefined,
  ) {
    this.#deployment = deployment;
    this.#publish = publish;
    const options = { baseUrl: deployment.endpoints.mirror, ...(fetch ? { fetch } : {}) };
    this.#mirror = createTopicMirror(options);
    this.#others = later().then(({ createMirror }) => createMirror(options));
    this.#lookups = Promise.all([later(), this.#others]).then(([{ startLookups }, mirror]) =>
      startLookups(mirror, this.#ending.signal, (findings) => publish({ findings })),
    );
    this.#prover = startProver();
    this.#ending.signal.addEventListener("abort", () => this.#prover.close());
    this.#chain = startChain(
      this.#prover,
      (sequence, limit) => messagesAfter(this.#past ?? this.#view, sequence, limit),
      (chain) => publish({ chain }),
    );
  }

  start(): void {
    this.#run(this.#followLog());
  }

  stop(): void {
    this.#ending.abort();
  }

  /** A defect ends the session, and is shown. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (this.#ending.signal.aborted) return;
      this.#publish({ defect: describeError(error) });
      this.stop();
    });
  }

  async #followLog(): Promise<void> {
    const { log: topic } = this.#deployment;
    const { signal } = this.#ending;
    const found = await persist(
      () => this.#begin(),
      signal,
      this.#mirror.clock,
      (error) => this.#publish({ logFollow: { ...UNREACHED, error } }),
    );
    if (found === null) return;
    const start = found.answer;
    if (start !== null) {
      this.#view = logFrom(start.state);
      this.#publish({ behind: start.message.sequence });
      this.#chain.inspect(start.messages, start.message);
      await this.#take(start.messages);
    }
    const batches = followBatches({
      mirror: this.#mirror,
      topic,
      wake: this.#wake,
      signal,
      verify: true,
      pace: paceFor(this.#deployment),
      onState: (logFollow) => this.#publish({ logFollow }),
      ...(start === null || start.position === null ? {} : { from: start.position }),
    });
    for await (const { messages, caughtUp } of batches) {
      await this.#take(messages);
      if (caughtUp && start !== null) this.#once("past", () => this.#readBack(start));
    }
  }

  /** Where to begin: a short log at its first message, a long one at its newest checkpoint. @throws MirrorError */
  async #begin(): Promise<Beginning | null> {
    const { log } = this.#deployment;
    const { signal } = this.#ending;
    const latest = await this.#mirror.latestMessage(log, { signal, retries: 0 });
    if (latest === null || latest.sequence < CHECKPOINT_INTERVAL) return null;
    const { beginningOf } = await later();
    return beginningOf(this.#mirror, log, latest, signal);
  }

  /** Takes messages that are next, and whatever follows from them. */
  async #take(messages: readonly Message[]): Promise<void> {
    for (const slice of slicesOf(messages)) {
      this.#view = readOn(this.#view, slice);
      await breathe();
    }
    this.#publish({ log: this.#view });
    this.#chain.go();
    this.#beWoken();
    this.#readManifest();
    this.#lookUp();
  }

  /** Lets others wake the page, once something of the log is known: until then it asks by itself. */
  #beWoken(): void {
    const since = () => this.#view.state.head?.timestamp ?? null;
    if (since() === null || this.#known.has("stream")) return;
    this.#known.add("stream");
    this.#run(this.#connect(since));
  }

  async #connect(since: () => Timestamp | null): Promise<void> {
    const { startPushes } = await later();
    const { endpoints, log } = this.#deployment;
    const { signal } = this.#ending;
    if (signal.aborted) return;
    const pushes = startPushes(endpoints, signal, this.#wake, (health) => this.#publish({ pushes: health }));
    pushes.streamTopic(log, since);
  }

  /** Reads what lies before the checkpoint, which until then is taken on the coordinator's word. */
  async #readBack({ message: checkpoint, state }: ColdStart): Promise<void> {
    const { signal, clock } = { signal: this.#ending.signal, clock: this.#mirror.clock };
    this.#past = EMPTY_LOG;
    const batches = followBatches({
      mirror: this.#mirror,
      topic: this.#deployment.log,
      signal,
      verify: false,
      pace: paceFor(this.#deployment),
    });
    for await (const { messages } of batches) {
      this.#past = readOn(this.#past, messages);
      const behind = checkpoint.sequence - (this.#past.state.head?.sequence ?? 0);
      this.#chain.go();
      if (behind <= 0) break;
      this.#publish({ behind });
      // Somebody is looking at the page meanwhile.
      await clock.sleep(8, signal);
    }
    if (signal.aborted) return;
    const there = this.#past.milestones.find((one) => one.state.head?.sequence === checkpoint.sequence);
    if (there === undefined || stateHash(there.state) !== stateHash(state)) {
      const reason = "the checkpoint of that entry is not what the log says";
      this.#chain.object({ sequence: checkpoint.sequence, reason });
    }
    for (;;) {
      const rest = messagesAfter(this.#view, this.#past.state.head?.sequence ?? 0, SLICE);
      if (rest.length === 0) break;
      this.#past = readOn(this.#past, rest);
      await breathe();
    }
    this.#view = this.#past;
    this.#past = null;
    this.#publish({ log: this.#view, behind: null });
    this.#chain.go();
    this.#lookUp();
  }

  /** Reads what the manifest names. */
  #readManifest(): void {
    const { manifest } = this.#view.state;
    if (manifest === null) return;
    const { token, market } = manifest;
    this.#once(`payment ${token}`, () => this.#readToken("payment", token));
    if (market !== undefined) {
      this.#once(`market ${market.token}`, () => this.#readToken("market", market.token));
    }
    const vitals = this.#deployment.vitals ?? manifest.vitals;
    this.#once("vitals", () => this.#followVitals(vitals));
  }

  #once(what: string, work: () => Promise<void>): void {
    if (this.#known.has(what)) return;
    this.#known.add(what);
    this.#run(work());
  }

  async #readToken(use: keyof LogTokens, id: TokenId): Promise<void> {
    const { signal } = this.#ending;
    const mirror = await this.#others;
    const found = await persist(() => mirror.token(id, { signal }), signal);
    if (!found?.answer) return;
    const { symbol, decimals } = found.answer;
    const form: TokenForm = { symbol, decimals };
    this.#tokens = { ...this.#tokens, [use]: form };
    this.#publish({ tokens: this.#tokens });
  }

  /** Follows the vitals from a few hundred messages ago on: nobody needs the heartbeats of last week. */
  async #followVitals(topic: TopicId): Promise<void> {
    const { signal } = this.#ending;
    const found = await persist(() => this.#latest(topic), signal);
    if (found === null) return;
    let view = observe(NO_VITALS, found.answer, this.#view.state);
    this.#publish({ vitals: view });
    const from = found.answer.at(-1);
    const batches = followBatches({
      mirror: this.#mirror,
      topic,
      wake: this.#wake,
      signal,
      pace: paceFor(this.#deployment),
      onState: (vitalsFollow) => this.#publish({ vitalsFollow }),
      ...(from === undefined ? {} : { from }),
    });
    for await (const { messages } of batches) {
      view = observe(view, messages, this.#view.state);
      this.#publish({ vitals: view });
    }
  }

  async #latest(topic: TopicId): Promise<readonly Message[]> {
    const { signal } = this.#ending;
    const messages: Message[] = [];
    let page = await this.#mirror.topicMessages({ topic, order: "desc", limit: 100 }, { signal });
    messages.push(...page.items);
    for (let read = 1; read < VITALS_PAGES && page.next !== null; read++) {
      page = await page.next({ signal });
      messages.push(...page.items);
    }
    return messages.toReversed();
  }

  /** Looks up what was not looked up yet, the newest first. */
  #lookUp(): void {
    const { payments, trades, state } = this.#view;
    const market = state.manifest?.market;
    const isNew = (record: object) => !this.#lookedUp.has(record);
    const paid = payments.filter(isNew);
    const traded = market === undefined ? [] : trades.filter(isNew);
    for (const record of [...paid, ...traded]) this.#lookedUp.add(record);
    const swaps = market === undefined ? [] : traded.map((trade) => swapOf(trade, market));
    const transfers = paid.map(transferOf);
    const wanted = [...swaps.toReversed(), ...transfers.toReversed()].filter((one) => one !== null);
    this.#run(this.#lookups.then((lookups) => lookups.want(wanted)));
  }
}

/** Messages that a view knows after one without a gap. */
function messagesAfter(view: LogView, sequence: number, limit: number): readonly Message[] {
  if (entryAt(view, sequence + 1) === null) return [];
  const from = sequence + 1 - (view.entries[0]?.message.sequence ?? 1);
  return view.entries.slice(from, from + limit).map(({ message }) => message);
}
