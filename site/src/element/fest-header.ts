import { css, LitElement, nothing, type TemplateResult } from "lit";
import { LINK_TONES, LINK_WORDS, type LinkState } from "../ledger/link-state.ts";
import { tally } from "../ledger/tree.ts";
import { WAKER_WORDS, wakerOf } from "../ledger/waker.ts";
import type { Snapshot } from "../service/snapshot.ts";
import { base } from "../style/base.ts";
import { formatTokens } from "../text/amount.ts";
import { formatCount, plural } from "../text/count.ts";
import { formatAge, formatUtc } from "../text/time.ts";
import { html } from "./html.ts";
import { chip, ledgerLink } from "./parts.ts";
import { Ticking } from "./ticking.ts";

/** The festival's name, how fresh the page is, and the totals of the log. Fires `open-connection`. */
export class FestHeader extends LitElement {
  static override properties = { snapshot: { attribute: false }, link: { attribute: false } };
  static override styles = [
    base,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.35rem 1.4rem;
        padding: 0.7rem 1rem 0.65rem;
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      .mark {
        width: 2rem;
        height: 2rem;
        margin-right: -0.5rem;
      }
      .mark rect {
        fill: var(--accent);
      }
      .mark path {
        fill: none;
        stroke: var(--surface);
        stroke-width: 3;
        stroke-linecap: round;
      }
      h1 {
        font-size: 1.15rem;
        font-weight: 680;
        letter-spacing: -0.012em;
        line-height: 1.25;
      }
      .name {
        min-width: 0;
      }
      .name p {
        font-size: 0.84rem;
        color: var(--muted);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 0.3rem 1.6rem;
        margin-left: auto;
      }
      dt {
        font-size: 0.76rem;
        color: var(--muted);
      }
      dd {
        font-weight: 600;
        white-space: nowrap;
      }
      dd small {
        font-weight: 400;
        font-size: 0.86rem;
        color: var(--muted);
      }
      @media (max-width: 40rem) {
        header {
          padding: 0.6rem 0.75rem;
        }
        .name {
          flex: 1;
        }
        dl {
          order: 3;
          width: 100%;
          margin: 0.2rem 0 0;
          display: grid;
          grid-template-columns: repeat(2, 1fr);
          gap: 0.35rem 0.75rem;
        }
        dd {
          white-space: normal;
        }
      }
    `,
  ];

  declare snapshot: Snapshot;
  declare link: LinkState;
  readonly #ticking = new Ticking(this);

  override render(): TemplateResult {
    const { deployment, log, pushes } = this.snapshot;
    const waker = WAKER_WORDS[wakerOf(pushes)];
    const { manifest, edition } = log.state;
    return html`<header>
      <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7"></rect>
        <path d="M9 9h14M9 16h9M9 23h4"></path>
      </svg>
      <div class="name">
        <h1 class="cut">${manifest?.festival.name ?? "fest-agents"}</h1>
        <p>
          ${edition === null ? nothing : html`Edition ${edition.number} · `}${deployment?.endpoints.name}
          ${deployment === null ? nothing : html`· log ${ledgerLink(deployment.endpoints, { kind: "topic", id: deployment.log })}`}
          ${log.state.paused ? html`· ${chip("wait", "paused")}` : nothing}
        </p>
      </div>
      <dl>
        <div>
          <dt>Connection</dt>
          <dd title=${waker.long}>
            <span role="status">${deployment?.file === undefined ? chip(LINK_TONES[this.link], LINK_WORDS[this.link]) : chip("idle", "from a file")}</span>
            <small ?hidden=${deployment?.file !== undefined}><button class="plain" @click=${() => this.dispatchEvent(new Event("open-connection"))}>${waker.short}</button></small>
          </dd>
        </div>
        ${this.#totals()}
      </dl>
      <fest-theme></fest-theme>
    </header>`;
  }

  #totals(): TemplateResult {
    const { log, tokens } = this.snapshot;
    const { edition, counts, head } = log.state;
    const ignored = counts.malformed + counts.unauthorised + counts.refused + counts.unknown;
    return html`
      <div>
        <dt>Newest entry</dt>
        <dd>${this.#age()}</dd>
      </div>
      <div>
        <dt>Tasks paid</dt>
        <dd>${edition === null ? "–" : html`${tally(edition).paid} <small>of ${edition.taskCount}</small>`}</dd>
      </div>
      <div>
        <dt>${plural(edition?.payments ?? 0, "payment")}</dt>
        <dd>${formatTokens(edition?.amount ?? 0n, tokens.payment)}</dd>
      </div>
      <div>
        <dt>Trades settled</dt>
        <dd>${edition?.trades ?? 0}</dd>
      </div>
      <div>
        <dt>Entries</dt>
        <dd>${formatCount(head?.sequence ?? 0)} <small>${ignored === 0 ? "all accepted" : `${ignored} not accepted`}</small></dd>
      </div>
    `;
  }

  #age(): TemplateResult | string {
    const newest = this.snapshot.log.state.head?.timestamp ?? null;
    if (newest === null) return "–";
    return html`<time datetime=${formatUtc(newest)} title=${formatUtc(newest)}>${formatAge(newest, this.#ticking.now)}</time>`;
  }
}

customElements.define("fest-header", FestHeader);
