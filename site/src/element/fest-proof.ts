import { css, LitElement, nothing, type TemplateResult } from "lit";
import type { Cheat } from "../ledger/cheat.ts";
import type { LogView } from "../ledger/feed.ts";
import type { Proof } from "../ledger/proof.ts";
import { type Caught, tryToCheat } from "../service/cheating.ts";
import { base } from "../style/base.ts";
import { dialogFrame } from "../style/dialog.ts";
import { formatCount, plural } from "../text/count.ts";
import { html } from "./html.ts";
import { entryButton } from "./look.ts";
import { chip } from "./parts.ts";

const CHEATS: Readonly<Record<Cheat, string>> = {
  edit: "Edit an entry",
  drop: "Drop one",
  reorder: "Reorder two",
  forge: "Forge a payment",
};

const VERDICTS = {
  proven: { tone: "ok", said: "Everything that is shown was verified in this browser." },
  working: { tone: "work", said: "Verifying." },
  broken: { tone: "bad", said: "Something does not hold." },
} as const;

/** What this browser verified of the log, and an invitation to lie to it. Fires `close-proof`. */
export class FestProof extends LitElement {
  static override properties = {
    proof: { attribute: false },
    view: { attribute: false },
    open: { attribute: false },
    caught: { state: true },
  };
  static override styles = [
    base,
    dialogFrame,
    css`
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 0.25rem 1rem;
      }
      dt {
        color: var(--muted);
      }
      .verdict {
        font-weight: 650;
      }
      h3 {
        font-size: 0.95rem;
        margin-top: 0.4rem;
      }
      .cheats {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      .caught {
        padding: 0.6rem 0.8rem;
        border: 1px solid var(--bad-fill);
        border-radius: 8px;
        display: grid;
        gap: 0.3rem;
      }
    `,
  ];

  declare proof: Proof;
  declare view: LogView;
  declare open: boolean;
  declare caught: Caught | null;

  constructor() {
    super();
    this.caught = null;
  }

  override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog === null) return;
    if (this.open && !dialog.open) dialog.showModal();
    if (!this.open && dialog.open) dialog.close();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @close=${this.#closed}>
      ${this.open ? this.#content() : nothing}
    </dialog>`;
  }

  #content(): TemplateResult {
    const { verdict, entries, upTo, payments, trades, objections } = this.proof;
    const { counts } = this.view.state;
    const { tone, said } = VERDICTS[verdict];
    const gaps = objections.filter(({ reason }) => reason.includes("missing")).length;
    return html`<div class="frame" data-proof=${verdict}>
      <div class="top">
        <h2 id="heading">Proof</h2>
        <button @click=${this.#close} autofocus>Close</button>
      </div>
      <p class="verdict">${chip(tone, said)}</p>
      <p data-verdict>
        ${plural(upTo, "entry", "entries")} of ${formatCount(entries)} verified, ${plural(gaps, "gap")},
        ${payments.matched} of ${plural(payments.total, "payment")} and ${trades.matched} of
        ${plural(trades.total, "trade")} match what the ledger moved.
      </p>
      ${objections.map(({ sequence, reason }) => html`<p class="bad">Entry ${entryButton(this, sequence)}: ${reason}.</p>`)}
      <dl>
        <dt>Running hashes</dt>
        <dd>SHA-384 over content, payer, time and number of each entry and the hash before it, recomputed in a worker</dd>
        <dt>Payers</dt>
        <dd>${counts.accepted} accepted, ${counts.unauthorised} unauthorised, ${counts.refused} refused, ${counts.malformed} malformed, ${counts.unknown} of unknown types</dd>
        <dt>Transfers</dt>
        <dd>each looked up on the mirror node by its transaction id, and compared unit by unit</dd>
      </dl>
      <h3>Try to cheat</h3>
      <p class="muted">Change a copy of the newest entries, here in your browser, and let the same proof look at it.</p>
      <div class="cheats">
        ${(["edit", "drop", "reorder", "forge"] as const).map(
          (kind) => html`<button data-cheat=${kind} @click=${() => this.#lie(kind)}>${CHEATS[kind]}</button>`,
        )}
      </div>
      <div aria-live="polite">${this.caught === null ? nothing : this.#outcome(this.caught)}</div>
    </div>`;
  }

  #outcome({ forgery, broken }: Caught): TemplateResult {
    const { deed, verdict } = forgery;
    return html`<div class="caught" data-caught=${broken?.sequence ?? "none"}>
      <p>${deed}</p>
      <p>${broken === null ? "It was not found." : html`${chip("bad", `Caught at entry #${broken.sequence}`)}: ${broken.reason}.`}</p>
      ${verdict !== null && "problem" in verdict ? html`<p class="muted">It would not have counted either: ${verdict.problem}.</p>` : nothing}
      <p class="muted">Whoever made all later hashes fit would end at another hash than the one that the network's nodes agreed on.</p>
    </div>`;
  }

  async #lie(kind: Cheat): Promise<void> {
    this.caught = await tryToCheat(kind, this.view);
  }

  #close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }

  #closed(): void {
    this.caught = null;
    if (this.open) this.dispatchEvent(new Event("close-proof"));
  }
}

customElements.define("fest-proof", FestProof);
