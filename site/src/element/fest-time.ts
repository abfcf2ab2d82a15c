import { css, LitElement, nothing, type TemplateResult } from "lit";
import { fromMillis, NANOS_PER_MILLI, type Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { LogView } from "../ledger/feed.ts";
import { base } from "../style/base.ts";
import { formatCount } from "../text/count.ts";
import { formatClock, formatUtc } from "../text/time.ts";
import { html } from "./html.ts";

const SPEEDS = [1, 10, 60] as const;
/** Milliseconds between two pictures while it plays. */
const STEP_MS = 250;

/** Leads the page to any moment of the log and back. Fires `travel` with a consensus time, or null for now. */
export class FestTime extends LitElement {
  static override properties = {
    view: { attribute: false },
    moment: { attribute: false },
    behind: { attribute: false },
    speed: { state: true },
    playing: { state: true },
  };
  static override styles = [
    base,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 0.8rem;
        padding: 0.5rem 1rem 0;
        font-size: 0.86rem;
      }
      input {
        flex: 1 1 12rem;
        min-width: 0;
        padding: 0;
        border: 0;
        background: none;
        accent-color: var(--accent);
      }
      .past {
        font-weight: 650;
        color: var(--wait);
      }
      @media (max-width: 40rem) {
        div {
          padding: 0.5rem 0.75rem 0;
        }
        input {
          flex-basis: 8rem;
        }
      }
      @media print {
        div {
          display: none;
        }
      }
    `,
  ];

  /** The log as it is now. */
  declare view: LogView;
  declare moment: Timestamp | null;
  /** Entries before a checkpoint that are still to be read. */
  declare behind: number | null;
  declare speed: number;
  declare playing: boolean;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.speed = 10;
    this.playing = false;
  }

  override disconnectedCallback(): void {
    clearInterval(this.#timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult | typeof nothing {
    const first = this.view.entries[0]?.message.timestamp;
    const last = this.view.state.head?.timestamp;
    if (first === undefined || last === undefined) return nothing;
    const span = Number((last - first) / NANOS_PER_MILLI) + 1;
    const at = this.moment === null ? span : Number((this.moment - first) / NANOS_PER_MILLI);
    const shown = this.moment ?? last;
    return html`<div data-moment=${this.moment === null ? "live" : "past"}>
      <button aria-pressed=${this.playing} @click=${this.#toggle}>${this.playing ? "Pause" : "Play"}</button>
      <select aria-label="Speed" @change=${this.#choose}>
        ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === this.speed}>${speed}x</option>`)}
      </select>
      <input
        type="range"
        aria-label="Moment of the log"
        aria-valuetext=${formatUtc(shown)}
        min="0"
        max=${span}
        step="1"
        .value=${String(Math.max(0, Math.min(span, at)))}
        @input=${(event: Event) => this.#slide(event, first, span)}
      />
      ${
        this.moment === null
          ? html`<span class="muted">now${this.behind === null ? "" : `, ${formatCount(this.behind)} earlier entries still to be read`}</span>`
          : html`<span class="past" title=${formatUtc(this.moment)}>as of ${formatClock(this.moment)}</span>
              <button @click=${() => this.#go(null)}>Live</button>`
      }
    </div>`;
  }

  #slide(event: Event, first: Timestamp, span: number): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    const at = Number(event.target.value);
    this.#go(at >= span ? null : first + BigInt(at) * NANOS_PER_MILLI);
  }

  #choose(event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.speed = Number(event.target.value);
  }

  #toggle(): void {
    clearInterval(this.#timer);
    this.playing = !this.playing;
    if (!this.playing) return;
    if (this.moment === null) this.#go(this.view.entries[0]?.message.timestamp ?? null);
    this.#timer = setInterval(() => this.#step(), STEP_MS);
  }

  #step(): void {
    const last = this.view.state.head?.timestamp ?? null;
    const next = (this.moment ?? 0n) + fromMillis(STEP_MS * this.speed);
    this.#go(this.moment === null || last === null || next >= last ? null : next);
  }

  #go(moment: Timestamp | null): void {
    if (moment === null && this.playing) this.#toggle();
    this.dispatchEvent(new CustomEvent("travel", { detail: moment }));
  }
}

customElements.define("fest-time", FestTime);
