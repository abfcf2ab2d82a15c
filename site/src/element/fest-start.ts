import { css, LitElement, nothing, type TemplateResult } from "lit";
import { describeError } from "../../../lib/hedera/error.ts";
import { NETWORK_NAMES } from "../../../lib/hedera/network.ts";
import { deploymentOf, type Parameters } from "../deployment/deployment.ts";
import { base } from "../style/base.ts";
import { html } from "./html.ts";

/** Asks which log on which network to show. Fires `open-deployment` with {@link Parameters}, or `open-file` with a file. */
export class FestStart extends LitElement {
  static override properties = {
    parameters: { attribute: false },
    problem: { attribute: false },
    mistake: { state: true },
  };
  static override styles = [
    base,
    css`
      main {
        max-width: 34rem;
        margin: 0 auto;
        padding: clamp(1.5rem, 8vh, 5rem) 1rem 2rem;
      }
      h1 {
        font-size: 1.5rem;
        letter-spacing: -0.02em;
        line-height: 1.2;
        margin-bottom: 0.5rem;
      }
      form {
        display: grid;
        gap: 0.85rem;
        margin-top: 1.4rem;
        padding: 1.1rem;
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: 10px;
      }
      label {
        display: grid;
        gap: 0.2rem;
        font-weight: 550;
        font-size: 0.9rem;
      }
      label small {
        font-weight: 400;
        color: var(--muted);
      }
      input,
      select {
        width: 100%;
        min-height: 36px;
        font-weight: 400;
      }
      input {
        font-family: var(--mono);
      }
      button {
        justify-self: start;
        min-height: 36px;
        padding: 0.35rem 1.1rem;
        background: var(--accent);
        border-color: var(--accent);
        color: var(--paper);
        font-weight: 600;
      }
      .problem {
        color: var(--bad);
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare parameters: Parameters;
  declare problem: string | null;
  declare mistake: string | null;

  override render(): TemplateResult {
    const {
      network = "devnet",
      mirror = "",
      relay = "",
      stream = "",
      log = "",
      vitals = "",
    } = this.parameters;
    const problem = this.mistake ?? this.problem;
    return html`<main>
      <h1>Which festival?</h1>
      <p class="muted">
        A festival of agents runs on one Hedera topic, its log. This page reads that log from a mirror node and
        shows what it says. Nothing is shown until a log is named.
      </p>
      <form @submit=${this.#submit} novalidate>
        <label>
          Network
          <select name="network">
            ${NETWORK_NAMES.map((name) => html`<option ?selected=${name === network}>${name}</option>`)}
          </select>
        </label>
        <label>
          Log topic <small>such as 0.0.1010</small>
          <input name="log" .value=${log} autocomplete="off" spellcheck="false" inputmode="decimal" required />
        </label>
        <label>
          Vitals topic <small>the one that the log's manifest names, if left empty</small>
          <input name="vitals" .value=${vitals} autocomplete="off" spellcheck="false" inputmode="decimal" />
        </label>
        <label>
          Mirror node <small>the network's own, if left empty</small>
          <input name="mirror" .value=${mirror} autocomplete="off" spellcheck="false" inputmode="url" placeholder="https://" />
        </label>
        <label>
          Relay WebSocket <small>wakes the page; optional</small>
          <input name="relay" .value=${relay} autocomplete="off" spellcheck="false" inputmode="url" placeholder="wss://" />
        </label>
        <label>
          gRPC-Web <small>streams the log's topic to the page; optional</small>
          <input name="stream" .value=${stream} autocomplete="off" spellcheck="false" inputmode="url" placeholder="https://" />
        </label>
        ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
        <button>Show it</button>
      </form>
      <form>
        <label>
          Or a file <small>that archive wrote; dropping it anywhere on the page works, too</small>
          <input type="file" accept=".jsonl,.json" @change=${this.#choose} />
        </label>
      </form>
    </main>`;
  }

  #choose(event: Event): void {
    const file = event.target instanceof HTMLInputElement ? event.target.files?.[0] : undefined;
    if (file) this.dispatchEvent(new CustomEvent<File>("open-file", { detail: file }));
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const data = new FormData(event.target);
    const field = (name: string) => String(data.get(name) ?? "").trim() || undefined;
    const parameters: Parameters = {
      network: field("network"),
      mirror: field("mirror"),
      relay: field("relay"),
      stream: field("stream"),
      log: field("log"),
      vitals: field("vitals"),
    };
    try {
      deploymentOf(parameters);
    } catch (error) {
      this.mistake = describeError(error);
      return;
    }
    this.mistake = null;
    this.dispatchEvent(new CustomEvent<Parameters>("open-deployment", { detail: parameters }));
  }
}

customElements.define("fest-start", FestStart);
