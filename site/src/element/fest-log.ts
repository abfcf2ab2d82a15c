import { LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { fromMillis } from "../../../lib/hedera/timestamp.ts";
import { filterOf, withFilter } from "../deployment/address.ts";
import { addresseeOf, type FeedEntry, taskOf, typeOf } from "../ledger/feed.ts";
import { type Census, censusOf, type Filter, filterEntries, NOT_ACCEPTED } from "../ledger/filter.ts";
import { rowsInView } from "../ledger/window.ts";
import { base, panel } from "../style/base.ts";
import { logRows } from "../style/log.ts";
import { plural, words } from "../text/count.ts";
import { groupOf } from "../text/entry-group.ts";
import { type LogTokens, summariseMessage } from "../text/summary.ts";
import { ageSeconds, formatClock, formatUtc } from "../text/time.ts";
import { html } from "./html.ts";
import { lookAtEntry } from "./look.ts";

const WIDE = 720;
const ROW_HEIGHT = { narrow: 47, wide: 30 } as const;
/** Seconds for which an entry counts as just arrived. */
const FRESH_SECONDS = 3n;

/**
 * Every entry, newest first. Only the rows in view are drawn. Whoever has
 * scrolled down is not disturbed: new entries wait behind a button.
 */
export class FestLog extends LitElement {
  static override properties = {
    entries: { attribute: false },
    verified: { attribute: false },
    broken: { attribute: false },
    tokens: { attribute: false },
    filter: { state: true },
    top: { state: true },
    size: { state: true },
    held: { state: true },
  };
  static override styles = [base, panel, logRows];

  declare entries: readonly FeedEntry[];
  /** The last entry whose running hash was recomputed here. */
  declare verified: number;
  /** Entries that something is wrong with. */
  declare broken: ReadonlySet<number>;
  declare tokens: LogTokens;
  declare filter: Filter;
  /** Pixels scrolled. */
  declare top: number;
  declare size: { readonly width: number; readonly height: number };
  /** While scrolled down: the sequence number that the list ends with at its top. */
  declare held: number | null;
  #shown: readonly FeedEntry[] = [];
  #census: Census = { types: [], notAccepted: 0 };

  constructor() {
    super();
    this.entries = [];
    this.verified = 0;
    this.broken = new Set();
    this.filter = filterOf(location.hash);
    this.top = 0;
    this.size = { width: 0, height: 0 };
    this.held = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("entries")) this.#census = censusOf(this.entries);
    if (changed.has("entries") || changed.has("filter"))
      this.#shown = filterEntries(this.entries, this.filter);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#addressed);
  }

  override disconnectedCallback(): void {
    removeEventListener("hashchange", this.#addressed);
    super.disconnectedCallback();
  }

  readonly #addressed = (): void => {
    const filter = filterOf(location.hash);
    if (filter.type !== this.filter.type || filter.text !== this.filter.text) this.#show(filter);
  };

  protected override firstUpdated(): void {
    const frame = this.renderRoot.querySelector(".frame");
    if (frame === null) return;
    new ResizeObserver(([entry]) => {
      if (entry) this.size = { width: entry.contentRect.width, height: entry.contentRect.height };
    }).observe(frame);
  }

  protected override render(): TemplateResult {
    const total = this.entries.length;
    const some = this.#shown.length === total ? "" : `${this.#shown.length} of `;
    const verified = this.verified >= (this.entries.at(-1)?.message.sequence ?? 0);
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">Log</h2>
        <span class="aside">${some}${plural(total, "entry", "entries")}, ${verified ? "all verified" : `verified to #${this.verified}`}</span>
      </div>
      ${this.#tools()}
      <div class="frame">${this.#list()}</div>
    </section>`;
  }

  #tools(): TemplateResult {
    const { types, notAccepted } = this.#census;
    const { type, text } = this.filter;
    return html`<div class="tools">
      <select aria-label="Type of entry" .value=${type} @change=${this.#chooseType}>
        <option value="">all types</option>
        ${notAccepted === 0 ? nothing : html`<option value=${NOT_ACCEPTED} ?selected=${type === NOT_ACCEPTED}>not accepted (${notAccepted})</option>`}
        ${types.map(
          (one) =>
            html`<option value=${one.type} ?selected=${type === one.type}>${words(one.type)} (${one.count})</option>`,
        )}
      </select>
      <input type="search" aria-label="Words in entries" placeholder="words, agent, task, #number" .value=${text} @input=${this.#chooseText} />
    </div>`;
  }

  #list(): TemplateResult {
    const shown = this.#visible();
    if (shown.length === 0) {
      return html`<p class="empty">
        ${this.entries.length === 0 ? "The topic has no messages yet." : "No entry is like that."}
      </p>`;
    }
    const wide = this.size.width >= WIDE;
    const height = wide ? ROW_HEIGHT.wide : ROW_HEIGHT.narrow;
    const { from, to } = rowsInView(this.top, this.size.height, height, shown.length);
    const rows = [];
    for (let index = from; index < to; index++) {
      const entry = shown[shown.length - 1 - index];
      if (entry) rows.push({ entry, index });
    }
    const waiting = this.#shown.length - shown.length;
    return html`
      ${waiting === 0 ? nothing : html`<button class="newer" @click=${this.#release}>${waiting} new</button>`}
      <div class="scroller" tabindex="0" role="region" aria-label="Entries, newest first" @scroll=${this.#scrolled}>
        <div class="rows ${wide ? "wide" : ""}" role="list" .style=${`height:${shown.length * height}px`}>
          ${repeat(
            rows,
            ({ entry }) => entry.message.sequence,
            ({ entry, index }) => this.#row(entry, index, shown.length, height),
          )}
        </div>
      </div>
    `;
  }

  #row(entry: FeedEntry, index: number, count: number, height: number): TemplateResult {
    const { message, verdict, decoded } = entry;
    const type = typeOf(entry);
    const task = taskOf(entry);
    const rejected = verdict.kind !== "accepted" && verdict.kind !== "unknown";
    const fresh = ageSeconds(message.timestamp, fromMillis(Date.now())) < FRESH_SECONDS;
    // Moved by `translate`, which unlike `top` costs no layout where a new entry comes in above.
    const place = `translate:0 ${index * height}px;height:${height}px`;
    const because =
      verdict.kind === "unauthorised" || verdict.kind === "refused" ? `${verdict.problem}. ` : "";
    return html`<div
      role="listitem"
      aria-setsize=${count}
      aria-posinset=${index + 1}
      class="row about-${rejected ? "trouble" : groupOf(type)} ${fresh ? "fresh" : ""}"
      data-entry=${message.sequence}
      .style=${place}
    >
      <span class="what cut">
        <button @click=${() => lookAtEntry(this, message.sequence)}>${type === null ? "not an entry" : words(type)}</button>
        ${task === null ? nothing : html`<span class="mono">${task}</span>`}
        <span class="muted">${entry.by}${addresseeOf(entry) === null ? "" : ` → ${addresseeOf(entry)}`}</span>
      </span>
      <span class="said cut">
        ${rejected ? html`<span class="bad">${verdict.kind}: </span>` : nothing}${because}${summariseMessage(decoded, this.tokens)}
      </span>
      <span class="when"><time datetime=${formatUtc(message.timestamp)}>${formatClock(message.timestamp)}</time> #${message.sequence} ${this.#badge(message.sequence)}</span>
    </div>`;
  }

  #badge(sequence: number): TemplateResult {
    if (this.broken.has(sequence)) return html`<span class="bad" title="It does not verify">✗</span>`;
    return sequence <= this.verified
      ? html`<span class="ok" title="Running hash recomputed here">✓</span>`
      : html`<span class="idle" title="Not verified yet">·</span>`;
  }

  /** What is listed: all that the filter lets through, up to where the list is held. */
  #visible(): readonly FeedEntry[] {
    const { held } = this;
    if (held === null) return this.#shown;
    const end = this.#shown.findLastIndex(({ message }) => message.sequence <= held);
    return this.#shown.slice(0, end + 1);
  }

  #scrolled(event: Event): void {
    if (!(event.target instanceof HTMLElement)) return;
    this.top = event.target.scrollTop;
    if (this.top <= 0) this.held = null;
    else this.held ??= this.entries.at(-1)?.message.sequence ?? null;
  }

  #release(): void {
    this.held = null;
    this.#toTop();
  }

  #toTop(): void {
    this.renderRoot.querySelector(".scroller")?.scrollTo({ top: 0 });
    this.top = 0;
  }

  #chooseType(event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.#choose({ type: event.target.value });
  }

  #chooseText(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.#choose({ text: event.target.value });
  }

  #choose(change: Partial<Filter>): void {
    this.#show({ ...this.filter, ...change });
    history.replaceState(null, "", withFilter(location.hash, this.filter));
  }

  #show(filter: Filter): void {
    this.filter = filter;
    this.held = null;
    this.#toTop();
  }
}

customElements.define("fest-log", FestLog);
