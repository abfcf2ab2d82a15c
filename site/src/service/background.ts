import { stateHash } from "../../../lib/festival/checkpoint/checkpoint.ts";
import type { ColdStart } from "../../../lib/festival/checkpoint/start.ts";
import { transferOf } from "../../../lib/festival/proof/payments.ts";
import { swapOf } from "../../../lib/festival/proof/trades.ts";
import type { TokenId, TopicId } from "../../../lib/hedera/id.ts";
import { followBatches } from "../../../lib/mirror/follow.ts";
import type { HttpOptions } from "../../../lib/mirror/http.ts";
import { createProofMirror, type ProofMirror } from "../../../lib/mirror/proof-client.ts";
import type { Wake } from "../../../lib/mirror/wake.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { EMPTY_LOG, type LogView, readOn } from "../ledger/feed.ts";
import { withOlderReports } from "../ledger/vitals.ts";
import type { TokenForm } from "../text/amount.ts";
import type { LogTokens } from "../text/summary.ts";
import { breathe, SLICE } from "./breathe.ts";
import { type ChainCheck, startChain } from "./chain.ts";
import { type Lookups, startLookups } from "./lookups.ts";
import { paceFor } from "./pace.ts";
import { persist } from "./patience.ts";
import { startProver } from "./prover.ts";
import { startPushes } from "./pushes.ts";
import { messagesAfter, type Reading } from "./reading.ts";
import { commitsOf, messagesWithReport } from "./reports.ts";
import type { LedgerSnapshot } from "./snapshot.ts";

/** What a session does once its first picture is there: it proves what is shown, and names it. */
export interface Background {
  /** Says that more was read of the log. */
  look(): void;
}

/** The session that it is done for. */
export interface BackgroundOptions {
  readonly deployment: Deployment;
  readonly options: HttpOptions;
  readonly reading: Reading;
  readonly wake: Wake;
  readonly signal: AbortSignal;
  readonly publish: (changes: Partial<LedgerSnapshot>) => void;
  /** Shows a defect of the work. */
  readonly run: (work: Promise<void>) => void;
}

/** Starts it: the worker that checks the chain, lookups on the mirror node, what pushes, and what lies before a checkpoint. */
export function startBackground(options: BackgroundOptions): Background {
  return new SessionBackground(options);
}

class SessionBackground implements Background {
  readonly #session: BackgroundOptions;
  readonly #mirror: ProofMirror;
  readonly #lookups: Lookups;
  readonly #chain: ChainCheck;
  #tokens: LogTokens = { payment: null, market: null };
  /** What was begun, so that each is begun once. */
  readonly #begun = new Set<string>();
  /** Payments and trades whose transfers were asked for. */
  readonly #lookedUp = new WeakSet<object>();

  constructor(session: BackgroundOptions) {
    this.#session = session;
    const { options, signal, publish, reading } = session;
    this.#mirror = createProofMirror(options);
    this.#lookups = startLookups(this.#mirror, signal, (findings) => publish({ findings }));
    const prover = startProver();
    signal.addEventListener("abort", () => prover.close());
    this.#chain = startChain(
      prover,
      (sequence, limit) => messagesAfter(reading.past ?? reading.view, sequence, limit),
      (chain) => publish({ chain }),
    );
  }

  look(): void {
    const { start, view } = this.#session.reading;
    if (start !== null) this.#once("past", () => this.#readBack(start));
    this.#chain.go();
    if (view.state.head !== null) this.#once("pushes", () => this.#connect());
    this.#readTokens(view);
    this.#lookUp(view);
    this.#lookForReport(view);
  }

  #once(what: string, work: () => Promise<void>): void {
    if (this.#begun.has(what)) return;
    this.#begun.add(what);
    this.#session.run(work());
  }

  /** Lets others wake the page, once something of the log is known: until then it asks by itself. */
  async #connect(): Promise<void> {
    const { deployment, signal, wake, publish, reading } = this.#session;
    const pushes = startPushes(deployment.endpoints, signal, wake, (health) => publish({ pushes: health }));
    pushes.streamTopic(deployment.log, () => reading.view.state.head?.timestamp ?? null);
  }

  /** Reads what lies before the checkpoint, which until then is taken on the coordinator's word. */
  async #readBack({ message: checkpoint, state }: ColdStart): Promise<void> {
    const { deployment, reading, signal, publish } = this.#session;
    this.#chain.inspect(
      messagesAfter(reading.view, checkpoint.sequence, Number.POSITIVE_INFINITY),
      checkpoint,
    );
    let past = EMPTY_LOG;
    const know = (view: LogView) => {
      past = view;
      reading.past = view;
      this.#chain.go();
    };
    const batches = followBatches({
      mirror: this.#mirror,
      topic: deployment.log,
      signal,
      verify: false,
      pace: paceFor(deployment),
    });
    for await (const { messages } of batches) {
      know(readOn(past, messages));
      const behind = checkpoint.sequence - (past.state.head?.sequence ?? 0);
      if (behind <= 0) break;
      publish({ behind });
      // Somebody is looking at the page meanwhile.
      await this.#mirror.clock.sleep(8, signal);
    }
    if (signal.aborted) return;
    const there = past.milestones.find((one) => one.state.head?.sequence === checkpoint.sequence);
    if (there === undefined || stateHash(there.state) !== stateHash(state)) {
      const reason = "the checkpoint of that entry is not what the log says";
      this.#chain.object({ sequence: checkpoint.sequence, reason });
    }
    for (;;) {
      const rest = messagesAfter(reading.view, past.state.head?.sequence ?? 0, SLICE);
      if (rest.length === 0) break;
      know(readOn(past, rest));
      await breathe();
    }
    reading.view = past;
    reading.past = null;
    publish({ log: past, behind: null });
    this.look();
  }

  /** Reads of the tokens that the manifest names how their amounts are written. */
  #readTokens({ state }: LogView): void {
    if (state.manifest === null) return;
    const { token, market } = state.manifest;
    this.#once(`payment ${token}`, () => this.#readToken("payment", token));
    if (market === undefined) return;
    this.#once(`market ${market.token}`, () => this.#readToken("market", market.token));
  }

  async #readToken(use: keyof LogTokens, id: TokenId): Promise<void> {
    const { signal, publish } = this.#session;
    const found = await persist(() => this.#mirror.token(id, { signal }), signal);
    if (!found?.answer) return;
    const { symbol, decimals } = found.answer;
    const form: TokenForm = { symbol, decimals };
    this.#tokens = { ...this.#tokens, [use]: form };
    publish({ tokens: this.#tokens });
  }

  /** Looks for the fund's last report, where what was read of the vitals has none. */
  #lookForReport(view: LogView): void {
    const { deployment, reading } = this.#session;
    const { manifest } = view.state;
    if (manifest?.market === undefined || reading.vitals?.reports.length !== 0) return;
    const topic = deployment.vitals ?? manifest.vitals;
    if (commitsOf(view).length > 0) this.#once("report", () => this.#readReport(topic));
  }

  async #readReport(topic: TopicId): Promise<void> {
    const { reading, signal, publish } = this.#session;
    const found = await persist(() => messagesWithReport(this.#mirror, topic, reading.view, signal), signal);
    if (found === null || reading.vitals === null) return;
    reading.vitals = withOlderReports(reading.vitals, found.answer, reading.view.state);
    publish({ vitals: reading.vitals });
  }

  /** Looks up what was not looked up yet, the newest first. */
  #lookUp({ payments, trades, state }: LogView): void {
    const market = state.manifest?.market;
    const isNew = (record: object) => !this.#lookedUp.has(record);
    const paid = payments.filter(isNew);
    const traded = market === undefined ? [] : trades.filter(isNew);
    for (const record of [...paid, ...traded]) this.#lookedUp.add(record);
    const swaps = market === undefined ? [] : traded.map((trade) => swapOf(trade, market));
    const transfers = paid.map(transferOf);
    this.#lookups.want([...swaps.toReversed(), ...transfers.toReversed()].filter((one) => one !== null));
  }
}
