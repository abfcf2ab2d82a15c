import { css, LitElement, nothing, type TemplateResult } from "lit";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { CHOOSE } from "../deployment/address.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { LinkState } from "../ledger/link-state.ts";
import { base } from "../style/base.ts";
import { formatAge } from "../text/time.ts";
import { html } from "./html.ts";
import { Ticking } from "./ticking.ts";

/** Says what is wrong with the connection and what becomes of it; nothing while all is well. Fires `restart`. */
export class FestNotice extends LitElement {
  static override properties = {
    link: { attribute: false },
    trouble: { attribute: false },
    defect: { attribute: false },
    deployment: { attribute: false },
    newest: { attribute: false },
    seen: { attribute: false },
  };
  static override styles = [
    base,
    css`
      .banner {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0.2rem 0.8rem;
        padding: 0.5rem 1rem;
        border-bottom: 1px solid var(--line);
        background: var(--raised);
        overflow-wrap: anywhere;
      }
      .screen {
        max-width: 38rem;
        margin: 0 auto;
        padding: clamp(2rem, 14vh, 8rem) 1rem 2rem;
        display: grid;
        gap: 0.7rem;
      }
      h2 {
        font-size: 1.4rem;
        letter-spacing: -0.015em;
        line-height: 1.25;
      }
      p {
        overflow-wrap: anywhere;
      }
      .screen > p {
        color: var(--muted);
      }
      h2 + p {
        margin-top: 0.6rem;
      }
    `,
  ];

  declare link: LinkState;
  /** What following the log says is wrong, in words. */
  declare trouble: string | null;
  declare defect: string | null;
  declare deployment: Deployment;
  /** The consensus time of the newest entry that is shown. */
  declare newest: Timestamp | null;
  /** How many entries are shown. */
  declare seen: number;
  readonly #ticking = new Ticking(this);

  override render(): TemplateResult | typeof nothing {
    if (this.defect !== null) return this.#banner("This page has a defect and stopped.", this.defect, true);
    switch (this.link) {
      case "absent":
        return this.#screen(
          `Topic ${this.deployment.log} was not found`,
          `The mirror node of ${this.deployment.endpoints.name} answers, but knows no such topic: it was never created there, or the network was reset.`,
        );
      case "offline":
        return this.seen === 0
          ? this.#screen("The mirror node cannot be reached", this.trouble ?? "It does not answer.")
          : this.#banner(`Offline. ${this.#kept()}`, this.trouble);
      case "delayed":
        return this.#banner(`Delayed. ${this.#kept()}`, this.trouble);
      case "stale":
        return this.#banner(`Stale. ${this.#kept()}`, this.trouble);
      case "reset":
        return this.#banner(`The network was reset. ${this.#kept()}`, this.trouble, true);
      case "tampered":
        return this.#banner(`The log does not verify after entry #${this.seen}.`, this.trouble);
      case "connecting":
      case "reading":
      case "live":
        return nothing;
    }
  }

  #kept(): string {
    if (this.newest === null) return "Nothing has been read yet.";
    return `What is shown ends with an entry ${formatAge(this.newest, this.#ticking.now)}.`;
  }

  #banner(text: string, detail: string | null, restart = false): TemplateResult {
    return html`<div class="banner" role="alert" data-notice=${this.link}>
      <strong>${text}</strong>
      <span class="muted">${detail}</span>
      ${restart ? html`<button @click=${() => this.dispatchEvent(new Event("restart"))}>Read it anew</button>` : nothing}
    </div>`;
  }

  #screen(heading: string, text: string): TemplateResult {
    const { endpoints } = this.deployment;
    return html`<main class="screen" data-notice=${this.link}>
      <div role="alert">
        <h2>${heading}</h2>
        <p>${text}</p>
      </div>
      <p>
        Asked: <span class="mono">${endpoints.mirror}</span>. It is asked again all the time, and this page shows
        the log as soon as there is one.
      </p>
      <p><a href=${CHOOSE}>Choose another log</a></p>
    </main>`;
  }
}

customElements.define("fest-notice", FestNotice);
