import { bytesToHex } from "@noble/hashes/utils.js";
import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { messageFee } from "../../../lib/festival/fees.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import { type FeedEntry, prettyTextOf, typeOf } from "../ledger/feed.ts";
import { base } from "../style/base.ts";
import { dialogFrame } from "../style/dialog.ts";
import { formatAmount } from "../text/amount.ts";
import { words } from "../text/count.ts";
import { type LogTokens, summariseMessage } from "../text/summary.ts";
import { formatUtc } from "../text/time.ts";
import { html } from "./html.ts";
import { madeRows } from "./made.ts";
import { chip, ledgerLink } from "./parts.ts";

const COPY_WORDS = {
  ready: "Copy evidence",
  copying: "Copying",
  copied: "Copied",
  failed: "It could not be copied",
} as const;

/** One entry closely: what consensus says of it, how it was taken, and its bytes. Fires `close-entry`. */
export class FestEntry extends LitElement {
  static override properties = {
    entry: { attribute: false },
    evidence: { attribute: false },
    copied: { state: true },
    endpoints: { attribute: false },
    tokens: { attribute: false },
  };
  static override styles = [
    base,
    dialogFrame,
    css`
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 0.2rem 1rem;
        font-size: 0.9rem;
      }
      dt {
        color: var(--muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
      pre {
        margin: 0;
        padding: 0.7rem 0.8rem;
        max-height: 24rem;
        overflow: auto;
        background: var(--raised);
        border-radius: 8px;
        font: 0.84rem / 1.45 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      @media (max-width: 30rem) {
        dl {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
        dd {
          margin-bottom: 0.35rem;
        }
      }
    `,
  ];

  declare entry: FeedEntry | null;
  /** Gathers what it takes to check an entry elsewhere. */
  declare evidence: (entry: FeedEntry) => Promise<string>;
  declare copied: keyof typeof COPY_WORDS;
  declare endpoints: Endpoints;
  declare tokens: LogTokens;

  constructor() {
    super();
    this.copied = "ready";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("entry")) this.copied = "ready";
  }

  override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog === null) return;
    if (this.entry !== null && !dialog.open) dialog.showModal();
    if (this.entry === null && dialog.open) dialog.close();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @close=${this.#closed} @click=${this.#clicked}>
      ${this.entry === null ? nothing : this.#content(this.entry)}
    </dialog>`;
  }

  #content(entry: FeedEntry): TemplateResult {
    const { message, decoded, verdict, by } = entry;
    const type = typeOf(entry);
    const { endpoints } = this;
    const result =
      decoded.kind === "entry" && decoded.entry.name === "task_result" ? decoded.entry.body.payload : null;
    const account = ledgerLink(endpoints, { kind: "account", id: message.payer });
    return html`<div class="frame">
      <div class="top">
        <h2 id="heading">#${message.sequence} ${type === null ? "not an entry" : words(type)}</h2>
        <button data-copy=${this.copied} @click=${() => this.#copy(entry)}>${COPY_WORDS[this.copied]}</button>
        <button @click=${() => this.#dialog()?.close()} autofocus>Close</button>
      </div>
      <p>${summariseMessage(decoded, this.tokens)}</p>
      <dl>
        <dt>Taken as</dt>
        <dd>
          ${chip(verdict.kind === "accepted" ? "ok" : "bad", verdict.kind)}${"problem" in verdict ? html` ${verdict.problem}` : nothing}
        </dd>
        <dt>Said by</dt>
        <dd>${by === message.payer ? account : html`${by}, ${account}`}</dd>
        <dt>Consensus time</dt>
        <dd class="mono">${formatUtc(message.timestamp)}</dd>
        ${
          message.transactionId === null
            ? nothing
            : html`<dt>Transaction</dt>
              <dd>${ledgerLink(endpoints, { kind: "transaction", id: message.transactionId })}</dd>`
        }
        <dt>On the mirror node</dt>
        <dd>
          ${ledgerLink(endpoints, { kind: "message", topic: message.topic, sequence: message.sequence }, `message ${message.sequence} of ${message.topic}`)}
        </dd>
        ${result === null ? nothing : madeRows(result, endpoints)}
        <dt>Size</dt>
        <dd>${message.bytes.length} bytes; alone it costs ${formatAmount(messageFee(message.bytes.length), 9)} USD by the fee schedule</dd>
        <dt>Running hash</dt>
        <dd class="mono">${bytesToHex(message.runningHash)}</dd>
      </dl>
      <pre tabindex="0" aria-label="The message">${prettyTextOf(message)}</pre>
    </div>`;
  }

  /** The clipboard is asked at once, while the click counts; the evidence follows. */
  #copy(entry: FeedEntry): void {
    const text = this.evidence(entry).then((said) => new Blob([said], { type: "text/plain" }));
    this.copied = "copying";
    navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]).then(
      () => {
        this.copied = "copied";
      },
      () => {
        this.copied = "failed";
      },
    );
  }

  #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  #closed(): void {
    if (this.entry !== null) this.dispatchEvent(new Event("close-entry"));
  }

  /** A click beside the frame is a click on the dialog itself. */
  #clicked(event: Event): void {
    if (event.target === this.#dialog()) this.#dialog()?.close();
  }
}

customElements.define("fest-entry", FestEntry);
