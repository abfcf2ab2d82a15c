import { css, LitElement, nothing, type TemplateResult } from "lit";
import { alarmAnchor } from "../../../lib/festival/alarm/alarm.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { withFilter } from "../deployment/address.ts";
import type { PanelState } from "../ledger/link-state.ts";
import type { Tile, TileName } from "../ledger/tile/tile.ts";
import { base } from "../style/base.ts";
import { formatAge } from "../text/time.ts";
import { html } from "./html.ts";
import { chip } from "./parts.ts";

const NAMES: Readonly<Record<TileName, string>> = {
  liveness: "Liveness",
  work: "Work",
  money: "Money",
  risk: "Risk",
  integrity: "Integrity",
};

/** The answers to an operator's five questions. Integrity opens the proof, by firing `open-proof`. */
export class FestTiles extends LitElement {
  static override properties = {
    tiles: { attribute: false },
    states: { attribute: false },
    sequence: { attribute: false },
    now: { attribute: false },
  };
  static override styles = [
    base,
    css`
      ul {
        display: grid;
        gap: 0.75rem;
        grid-template-columns: repeat(5, minmax(0, 1fr));
        padding: 0.75rem 1rem 0;
      }
      li {
        display: flex;
        flex-direction: column;
        padding: 0.5rem 0.9rem 0.55rem;
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: 10px;
        border-top: 3px solid var(--idle-fill);
        min-width: 0;
      }
      .tone-ok {
        border-top-color: var(--ok-fill);
      }
      .tone-work {
        border-top-color: var(--work-fill);
      }
      .tone-wait {
        border-top-color: var(--wait-fill);
      }
      .tone-bad {
        border-color: var(--bad-fill);
      }
      .line {
        display: flex;
        align-items: baseline;
        gap: 0.5rem;
        font-size: 0.8rem;
        color: var(--muted);
      }
      .line > :last-child {
        margin-left: auto;
        white-space: nowrap;
      }
      h2 {
        font-size: 0.8rem;
        font-weight: 500;
      }
      .said {
        font-size: 1.02rem;
        font-weight: 650;
        line-height: 1.3;
      }
      .said .chip {
        white-space: normal;
      }
      /* As many lines as they come to, kept while the log is read, so that nothing moves then. */
      .facts {
        font-size: 0.84rem;
        color: var(--muted);
        margin-top: 0.1rem;
        min-height: 2lh;
      }
      @media (min-width: 80rem) and (max-width: 110rem) {
        .facts {
          min-height: 3lh;
        }
      }
      .act {
        margin-top: auto;
        padding-top: 0.2rem;
        font-size: 0.84rem;
      }
      .act > * + * {
        margin-left: 0.8rem;
      }
      @media (max-width: 80rem) {
        ul {
          grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
        }
      }
      @media (max-width: 40rem) {
        ul {
          grid-template-columns: minmax(0, 1fr);
          gap: 0.4rem;
          padding: 0.5rem 0.5rem 0;
        }
        li {
          padding: 0.35rem 0.75rem 0.4rem;
          border-top-width: 1px;
          border-left-width: 3px;
        }
        li:nth-child(-n + 2) .facts {
          min-height: 1lh;
        }
        .tone-ok {
          border-top-color: var(--line);
          border-left-color: var(--ok-fill);
        }
        .tone-work {
          border-top-color: var(--line);
          border-left-color: var(--work-fill);
        }
        .tone-wait {
          border-top-color: var(--line);
          border-left-color: var(--wait-fill);
        }
      }
    `,
  ];

  declare tiles: Readonly<Record<TileName, Tile>>;
  declare states: Readonly<Record<TileName, PanelState>>;
  /** The sequence number that the tiles are folded to. */
  declare sequence: number;
  declare now: Timestamp;

  override render(): TemplateResult {
    return html`<ul aria-label="How the festival does">
      ${(["liveness", "work", "money", "risk", "integrity"] as const).map((name) => this.#tile(name, this.tiles[name]))}
    </ul>`;
  }

  #tile(name: TileName, { tone, said, facts, threshold, at, alarm, action }: Tile): TemplateResult {
    return html`<li
      class="tone-${tone}"
      data-tile=${name}
      data-state=${this.states[name]}
      data-seq=${this.sequence}
      data-tone=${tone}
      title=${threshold}
    >
      <div class="line">
        <h2>${NAMES[name]}</h2>
        <span>${at === null ? nothing : formatAge(at, this.now)}</span>
      </div>
      <p class="said">${chip(tone, said)}</p>
      <p class="facts">${facts.join(" · ")}</p>
      <span class="unseen">Threshold: ${threshold}</span>
      <p class="act">
        ${alarm === null ? nothing : html`<a href="./runbook.html#${alarmAnchor(alarm)}" data-runbook=${alarm}>What to do</a>`}
        <a href=${withFilter(location.hash, action.filter)}>${action.text}</a>${name === "integrity" ? html`<button class="plain" @click=${this.#openProof}>Proof</button>` : nothing}
      </p>
    </li>`;
  }

  #openProof(): void {
    this.dispatchEvent(new Event("open-proof"));
  }
}

customElements.define("fest-tiles", FestTiles);
