import { css, LitElement, nothing, type TemplateResult } from "lit";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { CHOOSE, entryOf, taskOf, withEntry } from "../deployment/address.ts";
import { entryAt, type LogView } from "../ledger/feed.ts";
import {
  type LinkState,
  linkStateOf,
  type PanelState,
  panelStateOf,
  troubleOf,
} from "../ledger/link-state.ts";
import { type Proof, proofOf } from "../ledger/proof.ts";
import { integrityTile } from "../ledger/tile/integrity.ts";
import { livenessTile } from "../ledger/tile/liveness.ts";
import { moneyTile } from "../ledger/tile/money.ts";
import { riskTile } from "../ledger/tile/risk.ts";
import type { Tile } from "../ledger/tile/tile.ts";
import { workTile } from "../ledger/tile/work.ts";
import { viewAt } from "../ledger/travel.ts";
import { type VitalsView, vitalsAt } from "../ledger/vitals.ts";
import type { Page } from "../service/page.ts";
import type { Snapshot } from "../service/snapshot.ts";
import { base } from "../style/base.ts";
import { panelGrid } from "../style/grid.ts";
import { plain } from "../text/plain.ts";
import type { KeyAction } from "./fest-keys.ts";
import { html } from "./html.ts";
import { Ticking } from "./ticking.ts";

/** The whole page: which screen, which panels, and what each of them is given. */
export class FestApp extends LitElement {
  static override properties = {
    page: { attribute: false },
    selected: { state: true },
    task: { state: true },
    proving: { state: true },
    connecting: { state: true },
  };
  static override styles = [
    base,
    panelGrid,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 100vh;
      }
      /* Its place is kept until there is a log to lead through, so that nothing moves then. */
      fest-time {
        display: block;
        min-height: 2.8rem;
      }
      footer {
        padding: 0.2rem 1rem 0.9rem;
        color: var(--muted);
        font-size: 0.82rem;
      }
    `,
  ];

  declare page: Page;
  /** Sequence number of the entry that is looked at closely. */
  declare selected: number | null;
  /** Id of the task that is looked at closely. */
  declare task: string | null;
  /** Whether the proof is looked at. */
  declare proving: boolean;
  /** Whether the connections are looked at. */
  declare connecting: boolean;
  readonly #ticking = new Ticking(this);
  #title = "";
  /** Log and vitals at the moment that is shown, so that they are folded once. */
  #past: {
    readonly log: LogView;
    readonly vitals: VitalsView;
    readonly moment: Timestamp;
    readonly view: LogView;
    readonly signs: VitalsView;
  } | null = null;

  constructor() {
    super();
    this.selected = entryOf(location.hash);
    this.task = taskOf(location.hash);
    this.proving = false;
    this.connecting = false;
  }

  override shouldUpdate(): boolean {
    return this.page !== undefined;
  }

  override firstUpdated(): void {
    this.page.store.subscribe(() => this.requestUpdate());
    addEventListener("hashchange", () => {
      this.selected = entryOf(location.hash);
      this.task = taskOf(location.hash);
    });
  }

  override updated(): void {
    const { deployment, log } = this.page.store.value;
    const name = log.state.manifest?.festival.name ?? deployment?.log;
    const title = name === undefined ? "fest-agents" : `${name} · fest-agents`;
    if (title === this.#title) return;
    this.#title = title;
    document.title = plain(title);
  }

  override render(): TemplateResult {
    const snapshot = this.page.store.value;
    if (snapshot.deployment === null) return this.#start(snapshot);
    const link = linkStateOf(snapshot.logFollow, this.#ticking.now);
    const unread = snapshot.log.entries.length === 0 && snapshot.log.state.head === null;
    const shown = this.#at(snapshot);
    return html`
      <fest-header
        .snapshot=${shown}
        .link=${link}
        @open-connection=${() => {
          this.connecting = true;
        }}
      ></fest-header>
      <fest-connection
        .connections=${{ ...snapshot, endpoints: snapshot.deployment.endpoints }}
        .open=${this.connecting}
        @close-connection=${() => {
          this.connecting = false;
        }}
      ></fest-connection>
      ${this.#notice(snapshot, link)}
      <fest-time
        .view=${snapshot.log}
        .moment=${snapshot.moment}
        .behind=${snapshot.behind}
        @travel=${({ detail }: CustomEvent<Timestamp | null>) => this.page.travel(detail)}
      ></fest-time>
      ${unread && (link === "absent" || link === "offline") ? nothing : this.#panels(shown, link)}
      ${this.#footer(snapshot)}
      <fest-keys @key-action=${({ detail }: CustomEvent<KeyAction>) => this.#press(detail)}></fest-keys>
    `;
  }

  /** The snapshot as it was at the moment that is shown. */
  #at(snapshot: Snapshot): Snapshot {
    const { log, vitals, moment } = snapshot;
    if (moment === null) return snapshot;
    const known = this.#past;
    if (known?.log !== log || known.vitals !== vitals || known.moment !== moment) {
      const view = viewAt(log, moment) ?? log;
      this.#past = { log, vitals, moment, view, signs: vitalsAt(vitals, view.state, moment) };
    }
    return this.#past === null ? snapshot : { ...snapshot, log: this.#past.view, vitals: this.#past.signs };
  }

  #start({ parameters, problem }: Snapshot): TemplateResult {
    if (parameters === null) return html`<main></main>`;
    return html`<fest-start
      .parameters=${parameters}
      .problem=${problem}
      @open-deployment=${({ detail }: CustomEvent) => this.page.open(detail)}
      @open-file=${({ detail }: CustomEvent<File>) => this.page.openFile(detail)}
    ></fest-start>`;
  }

  #notice({ deployment, log, logFollow, defect }: Snapshot, link: LinkState): TemplateResult {
    return html`<fest-notice
      .link=${link}
      .trouble=${troubleOf(logFollow)}
      .defect=${defect}
      .deployment=${deployment}
      .newest=${log.state.head?.timestamp ?? null}
      .seen=${log.state.head?.sequence ?? 0}
      @restart=${() => this.page.restart()}
    ></fest-notice>`;
  }

  #panels(snapshot: Snapshot, link: LinkState): TemplateResult {
    const { deployment, log, vitals, tokens, findings } = snapshot;
    const { state, entries, payments, trades } = log;
    const endpoints = deployment?.endpoints;
    const sequence = state.head?.sequence ?? 0;
    const look = ({ detail }: CustomEvent<number>) => this.#select(detail);
    const now = snapshot.moment ?? this.#ticking.now;
    const vitalsLink = this.#vitalsLink(snapshot, link);
    const proof = proofOf(
      log,
      snapshot.chain,
      findings,
      // A file is shown at its end; what it lacks is wrong at every moment of it.
      snapshot.moment === null || deployment?.file !== undefined ? snapshot.logFollow : null,
    );
    return html`
      ${this.#tiles(snapshot, link, proof, now)}
      <main class="panels" @look-at-entry=${look}>
      <fest-festival
        data-panel="festival"
        data-state=${panelStateOf(link, state.edition === null ? 0 : 1)}
        data-seq=${sequence}
        .view=${log}
        .task=${this.task}
        .endpoints=${endpoints}
        .tokens=${tokens}
      ></fest-festival>
      <fest-log
        data-panel="log"
        data-state=${panelStateOf(link, entries.length)}
        data-seq=${sequence}
        .entries=${entries}
        .verified=${proof.upTo}
        .broken=${new Set(proof.objections.map((objection) => objection.sequence))}
        .tokens=${tokens}
      ></fest-log>
      <fest-agents
        data-panel="agents"
        data-state=${panelStateOf(vitalsLink, vitals.agents.size)}
        data-seq=${sequence}
        .vitals=${vitals}
        .now=${now}
        .state=${state}
        .endpoints=${endpoints}
      ></fest-agents>
      <fest-payments
        data-panel="payments"
        data-state=${panelStateOf(link, payments.length)}
        data-seq=${sequence}
        .payments=${payments}
        .findings=${findings}
        .token=${tokens.payment}
        .endpoints=${endpoints}
      ></fest-payments>
      <fest-trades
        data-panel="trading"
        data-state=${panelStateOf(link, trades.length)}
        data-seq=${sequence}
        .trades=${trades}
        .market=${state.manifest?.market ?? null}
        .findings=${findings}
        .results=${log.results}
        .reports=${vitals.reports}
        .token=${tokens.market}
        .endpoints=${endpoints}
      ></fest-trades>
      <fest-inference
        data-panel="inference"
        data-state=${panelStateOf(link, log.results.length)}
        data-seq=${sequence}
        .view=${log}
        .now=${now}
      ></fest-inference>
      <fest-entry
        .entry=${this.selected === null ? null : entryAt(log, this.selected)}
        .evidence=${this.page.evidence}
        .endpoints=${endpoints}
        .tokens=${tokens}
        @close-entry=${() => this.#select(null)}
      ></fest-entry>
    </main>`;
  }

  #vitalsLink({ vitalsFollow }: Snapshot, link: LinkState): LinkState {
    return vitalsFollow === null ? link : linkStateOf(vitalsFollow, this.#ticking.now);
  }

  #tiles(snapshot: Snapshot, link: LinkState, proof: Proof, now: Timestamp): TemplateResult {
    const { log, vitals, tokens } = snapshot;
    const { state } = log;
    const sequence = state.head?.sequence ?? 0;
    // Half of a log says nothing about how its festival does.
    const reading = link === "reading" || link === "connecting";
    const read = (tile: Tile): Tile => (reading ? { ...tile, tone: "idle", said: "reading the log" } : tile);
    const seen: PanelState = reading ? "loading" : panelStateOf(link, sequence);
    const heard = panelStateOf(this.#vitalsLink(snapshot, link), vitals.agents.size);
    return html`<fest-tiles
      .tiles=${{
        liveness: read(livenessTile(state, vitals, now)),
        work: read(workTile(state, now)),
        money: read(moneyTile(state, vitals, tokens.payment, now)),
        risk: read(riskTile(log, vitals)),
        integrity: read(integrityTile(state, proof)),
      }}
      .states=${{ liveness: heard, work: seen, money: seen, risk: seen, integrity: seen }}
      .sequence=${sequence}
      .now=${now}
      @open-proof=${() => {
        this.proving = true;
      }}
    ></fest-tiles>
    <fest-proof
      .proof=${proof}
      .view=${log}
      .open=${this.proving}
      @look-at-entry=${({ detail }: CustomEvent<number>) => this.#select(detail)}
      @close-proof=${() => {
        this.proving = false;
      }}
    ></fest-proof>`;
  }

  #footer({ deployment }: Snapshot): TemplateResult {
    return html`<footer>
      Read in your browser from <span class="mono">${deployment?.file ?? deployment?.endpoints.mirror}</span> and from nothing else.
      There is no server behind this page. <a href=${CHOOSE}>Another log</a> ·
      Keys: <kbd>?</kbd>
    </footer>`;
  }

  #press(action: KeyAction): void {
    switch (action) {
      case "proof":
        this.proving = true;
        break;
      case "connection":
        this.connecting = true;
        break;
      case "live":
        this.page.travel(null);
        break;
      case "find":
        this.renderRoot.querySelector("fest-log")?.shadowRoot?.querySelector("input")?.focus();
        break;
      case "play":
        this.renderRoot.querySelector("fest-time")?.shadowRoot?.querySelector("button")?.click();
        break;
      case "help":
    }
  }

  #select(sequence: number | null): void {
    this.selected = sequence;
    history.replaceState(null, "", withEntry(location.hash, sequence));
  }
}

customElements.define("fest-app", FestApp);
