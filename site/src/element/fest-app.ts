import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { CHOOSE, entryOf, withEntry } from "../deployment/address.ts";
import { type LinkState, linkStateOf, panelStateOf, troubleOf } from "../ledger/link-state.ts";
import type { Page } from "../service/page.ts";
import type { Snapshot } from "../service/snapshot.ts";
import { base } from "../style/base.ts";
import { panelGrid } from "../style/grid.ts";
import { Ticking } from "./ticking.ts";

/** The whole page: which screen, which panels, and what each of them is given. */
export class FestApp extends LitElement {
  static override properties = { page: { attribute: false }, selected: { state: true } };
  static override styles = [
    base,
    panelGrid,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 100vh;
      }
      @media (min-width: 80rem) and (min-height: 40rem) {
        :host {
          height: 100vh;
        }
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
  readonly #ticking = new Ticking(this);
  #title = "";

  constructor() {
    super();
    this.selected = entryOf(location.hash);
  }

  override shouldUpdate(): boolean {
    return this.page !== undefined;
  }

  override firstUpdated(): void {
    this.page.store.subscribe(() => this.requestUpdate());
    addEventListener("hashchange", () => {
      this.selected = entryOf(location.hash);
    });
  }

  override updated(): void {
    const { deployment, log } = this.page.store.value;
    const name = log.state.manifest?.festival.name ?? deployment?.log;
    const title = name === undefined ? "fest-agents" : `${name} · fest-agents`;
    if (title === this.#title) return;
    this.#title = title;
    document.title = title;
  }

  override render(): TemplateResult {
    const snapshot = this.page.store.value;
    if (snapshot.deployment === null) return this.#start(snapshot);
    const link = linkStateOf(snapshot.logFollow, this.#ticking.now);
    return html`
      <fest-header .snapshot=${snapshot} .link=${link}></fest-header>
      ${this.#notice(snapshot, link)}
      ${snapshot.log.entries.length === 0 && (link === "absent" || link === "offline") ? nothing : this.#panels(snapshot, link)}
      ${this.#footer(snapshot)}
    `;
  }

  #start({ parameters, problem }: Snapshot): TemplateResult {
    if (parameters === null) return html`<main></main>`;
    return html`<fest-start
      .parameters=${parameters}
      .problem=${problem}
      @open-deployment=${({ detail }: CustomEvent) => this.page.open(detail)}
    ></fest-start>`;
  }

  #notice({ deployment, log, logFollow, defect }: Snapshot, link: LinkState): TemplateResult {
    return html`<fest-notice
      .link=${link}
      .trouble=${troubleOf(logFollow)}
      .defect=${defect}
      .deployment=${deployment}
      .newest=${log.state.head?.timestamp ?? null}
      .seen=${log.entries.length}
      @restart=${() => this.page.restart()}
    ></fest-notice>`;
  }

  #panels(snapshot: Snapshot, link: LinkState): TemplateResult {
    const { deployment, log, vitals, vitalsFollow, tokens, findings } = snapshot;
    const { state, entries, payments, trades } = log;
    const endpoints = deployment?.endpoints;
    const sequence = state.head?.sequence ?? 0;
    const look = ({ detail }: CustomEvent<number>) => this.#select(detail);
    const vitalsLink = vitalsFollow === null ? link : linkStateOf(vitalsFollow, this.#ticking.now);
    return html`<main class="panels" @look-at-entry=${look}>
      <fest-festival
        data-panel="festival"
        data-state=${panelStateOf(link, state.edition === null ? 0 : 1)}
        data-seq=${sequence}
        .state=${state}
        .endpoints=${endpoints}
        .tokens=${tokens}
      ></fest-festival>
      <fest-log
        data-panel="log"
        data-state=${panelStateOf(link, entries.length)}
        data-seq=${sequence}
        .entries=${entries}
        .tokens=${tokens}
      ></fest-log>
      <fest-agents
        data-panel="agents"
        data-state=${panelStateOf(vitalsLink, vitals.agents.size)}
        data-seq=${sequence}
        .vitals=${vitals}
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
        .token=${tokens.market}
        .endpoints=${endpoints}
      ></fest-trades>
      <fest-entry
        .entry=${this.selected === null ? null : (entries[this.selected - 1] ?? null)}
        .endpoints=${endpoints}
        .tokens=${tokens}
        @close-entry=${() => this.#select(null)}
      ></fest-entry>
    </main>`;
  }

  #footer({ deployment }: Snapshot): TemplateResult {
    return html`<footer>
      Read in your browser from <span class="mono">${deployment?.endpoints.mirror}</span> and from nothing else.
      There is no server behind this page. <a href=${CHOOSE}>Another log</a>
    </footer>`;
  }

  #select(sequence: number | null): void {
    this.selected = sequence;
    history.replaceState(null, "", withEntry(location.hash, sequence));
  }
}

customElements.define("fest-app", FestApp);
