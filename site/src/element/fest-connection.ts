import { css, LitElement, nothing, type TemplateResult } from "lit";
import { type Connections, type Source, sourcesOf } from "../ledger/connection.ts";
import { WAKER_WORDS, wakerOf } from "../ledger/waker.ts";
import { base } from "../style/base.ts";
import { dialogFrame } from "../style/dialog.ts";
import { plural } from "../text/count.ts";
import { formatAge } from "../text/time.ts";
import { html } from "./html.ts";
import { chip } from "./parts.ts";
import { Ticking } from "./ticking.ts";

/** How the page hears of the ledger: every way, how it does, and which one is in use. Fires `close-connection`. */
export class FestConnection extends LitElement {
  static override properties = {
    connections: { attribute: false },
    open: { attribute: false },
  };
  static override styles = [
    base,
    dialogFrame,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 1rem;
        padding: 0.5rem 0;
        border-top: 1px solid var(--line);
      }
      li > p {
        grid-column: 1 / -1;
        font-size: 0.86rem;
        color: var(--muted);
        overflow-wrap: anywhere;
      }
      h3 {
        font-size: 0.95rem;
        font-weight: 600;
      }
      h3 small {
        font-weight: 400;
        color: var(--muted);
      }
    `,
  ];

  declare connections: Connections;
  declare open: boolean;
  readonly #ticking = new Ticking(this);

  override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (this.open && !dialog?.open) dialog?.showModal();
    if (!this.open && dialog?.open) dialog.close();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @close=${() => this.dispatchEvent(new Event("close-connection"))}>
      ${this.open ? this.#content() : nothing}
    </dialog>`;
  }

  #content(): TemplateResult {
    const waker = wakerOf(this.connections.pushes);
    return html`<div class="frame" data-waker=${waker}>
      <div class="top">
        <h2 id="heading">Connection</h2>
        <button @click=${() => this.renderRoot.querySelector("dialog")?.close()} autofocus>Close</button>
      </div>
      <p>${WAKER_WORDS[waker].long}. What wakes the page is never taken for the ledger: entries are read over REST, and each must continue the one before it.</p>
      <ul>
        ${sourcesOf(this.connections, this.#ticking.now).map((source) => this.#source(source))}
      </ul>
    </div>`;
  }

  #source({ id, name, use, url, tone, said, heardAt, failures, trouble }: Source): TemplateResult {
    const facts = [
      url,
      heardAt === null ? null : `heard ${formatAge(heardAt, this.#ticking.now)}`,
      failures === 0 ? null : `${plural(failures, "failure")} in a row`,
    ].filter((fact) => fact !== null);
    return html`<li data-source=${id} data-tone=${tone}>
      <h3>${name} <small>${use}</small></h3>
      ${chip(tone, said)}
      <p>${facts.join(" · ")}</p>
      ${trouble === null ? nothing : html`<p class="bad">${trouble}</p>`}
    </li>`;
  }
}

customElements.define("fest-connection", FestConnection);
