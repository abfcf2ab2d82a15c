import { css, LitElement, type TemplateResult } from "lit";
import { base } from "../style/base.ts";
import { dialogFrame } from "../style/dialog.ts";
import { html } from "./html.ts";

/** What a key asks for. */
export type KeyAction = "help" | "find" | "proof" | "connection" | "play" | "live";

const KEYS: Readonly<Record<string, { readonly action: KeyAction; readonly said: string }>> = {
  "?": { action: "help", said: "Show these keys" },
  "/": { action: "find", said: "Find words in the log" },
  v: { action: "proof", said: "Open the proof" },
  c: { action: "connection", said: "Show how this page is connected" },
  p: { action: "play", said: "Play the log, or pause" },
  l: { action: "live", said: "Go back to now" },
};

/** Listens to keys, lists them on `?`, and fires `key-action` for the others. */
export class FestKeys extends LitElement {
  static override styles = [
    base,
    dialogFrame,
    css`
      dialog {
        width: min(26rem, calc(100vw - 1.5rem));
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 0.35rem 1rem;
      }
      kbd {
        font-family: var(--mono);
        border: 1px solid var(--line);
        border-radius: 4px;
        padding: 0 0.4em;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    removeEventListener("keydown", this.#pressed);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading">
      <div class="frame">
        <div class="top">
          <h2 id="heading">Keys</h2>
          <button @click=${() => this.#dialog()?.close()} autofocus>Close</button>
        </div>
        <dl>
          ${Object.entries(KEYS).map(([key, { said }]) => html`<dt><kbd>${key}</kbd></dt><dd>${said}</dd>`)}
          <dt><kbd>Tab</kbd></dt>
          <dd>Go on to the next link, button or list; arrows scroll lists and move the time</dd>
          <dt><kbd>Esc</kbd></dt>
          <dd>Close what is open</dd>
        </dl>
      </div>
    </dialog>`;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    const typing = target instanceof HTMLInputElement && target.type !== "range";
    if (typing || target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const found = KEYS[event.key];
    if (found === undefined) return;
    event.preventDefault();
    if (found.action === "help") this.#dialog()?.showModal();
    else this.dispatchEvent(new CustomEvent("key-action", { detail: found.action }));
  };

  #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }
}

customElements.define("fest-keys", FestKeys);
