import { describeError } from "../../../lib/hedera/error.ts";
import type { TokenId, TopicId } from "../../../lib/hedera/id.ts";
import { createMirror, type Mirror } from "../../../lib/mirror/client.ts";
import { followBatches, type Pace } from "../../../lib/mirror/follow.ts";
import type { Message } from "../../../lib/mirror/message.ts";
import { connectRelay } from "../../../lib/mirror/relay.ts";
import { anyWake, createWake, type WakeSource } from "../../../lib/mirror/wake.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { EMPTY_LOG, type LogView, readOn } from "../ledger/feed.ts";
import { transferOf } from "../ledger/payments.ts";
import { swapOf } from "../ledger/trades.ts";
import { NO_VITALS, observe } from "../ledger/vitals.ts";
import type { TokenForm } from "../text/amount.ts";
import type { LogTokens } from "../text/summary.ts";
import { startLookups } from "./lookups.ts";
import { persist } from "./patience.ts";
import type { LedgerSnapshot } from "./snapshot.ts";

/** Reads one deployment until it is stopped. */
export interface Session {
  stop(): void;
}

/** Pages of 100 messages of the vitals topic that are read back in time. */
const VITALS_PAGES = 2;
/** Payments and trades that are looked up on the mirror node, newest first. */
const LOOKED_UP = 200;

/**
 * Follows a deployment's log and vitals and tells what it knows of them.
 *
 * @param publish is told what changed
 */
export function startSession(
  deployment: Deployment,
  publish: (changes: Partial<LedgerSnapshot>) => void,
): Session {
  const session = new LiveSession(deployment, publish);
  session.start();
  return { stop: () => session.stop() };
}

class LiveSession {
  readonly #deployment: Deployment;
  readonly #publish: (changes: Partial<LedgerSnapshot>) => void;
  readonly #ending = new AbortController();
  readonly #mirror: Mirror;
  readonly #wake: WakeSource;
  readonly #lookups;
  #view: LogView = EMPTY_LOG;
  #tokens: LogTokens = { payment: null, market: null };
  /** Tokens and topic that were asked for, so that each is asked for once. */
  readonly #known = new Set<string>();

  constructor(deployment: Deployment, publish: (changes: Partial<LedgerSnapshot>) => void) {
    this.#deployment = deployment;
    this.#publish = publish;
    this.#mirror = createMirror({ baseUrl: deployment.endpoints.mirror });
    this.#wake = this.#wakeSources();
    this.#lookups = startLookups(this.#mirror, this.#ending.signal, (findings) => publish({ findings }));
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

  #wakeSources(): WakeSource {
    const { signal } = this.#ending;
    const looked = createWake();
    const onVisible = () => {
      if (!document.hidden) looked.ring();
    };
    document.addEventListener("visibilitychange", onVisible, { signal });
    addEventListener("online", looked.ring, { signal });
    const { relayWs } = this.#deployment.endpoints;
    if (relayWs === null) return looked;
    const relay = connectRelay({ url: relayWs });
    this.#publish({ relay: relay.health.state });
    relay.onHealth(({ state }) => this.#publish({ relay: state }));
    signal.addEventListener("abort", () => relay.close());
    return anyWake(relay, looked);
  }

  async #followLog(): Promise<void> {
    const batches = followBatches({
      mirror: this.#mirror,
      topic: this.#deployment.log,
      wake: this.#wake,
      signal: this.#ending.signal,
      verify: true,
      pace: paceFor(this.#deployment),
      onState: (logFollow) => this.#publish({ logFollow }),
    });
    for await (const { messages } of batches) {
      this.#view = readOn(this.#view, messages);
      this.#publish({ log: this.#view });
      this.#readManifest();
      this.#lookUp();
    }
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
    const found = await persist(() => this.#mirror.token(id, { signal }), signal);
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

  #lookUp(): void {
    const { payments, trades, state } = this.#view;
    const market = state.manifest?.market;
    const swaps = market === undefined ? [] : trades.slice(-LOOKED_UP).map((trade) => swapOf(trade, market));
    const transfers = payments.slice(-LOOKED_UP).map(transferOf);
    this.#lookups.want([...swaps.toReversed(), ...transfers.toReversed()].filter((one) => one !== null));
  }
}

/** Often near by, seldom far away, and hardly ever while nobody looks. */
function paceFor({ endpoints }: Deployment): Pace {
  const near = ["127.0.0.1", "localhost"].includes(new URL(endpoints.mirror).hostname);
  return {
    get minMs() {
      return document.hidden ? 10_000 : near ? 20 : 250;
    },
    get pollMs() {
      return document.hidden ? 15_000 : near ? 1_000 : 2_000;
    },
    get idleMs() {
      return document.hidden ? 60_000 : near ? 3_000 : 15_000;
    },
    backoff: { firstMs: 500, maxMs: near ? 3_000 : 15_000 },
  };
}
