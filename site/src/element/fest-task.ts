import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { dependenciesOf } from "../../../lib/festival/dependencies.ts";
import { describeBound } from "../../../lib/festival/gate.ts";
import type { Criterion, Edition, Task } from "../../../lib/festival/state.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import type { LogView } from "../ledger/feed.ts";
import { blockersOf } from "../ledger/tree.ts";
import { base } from "../style/base.ts";
import { formatTokens } from "../text/amount.ts";
import { words } from "../text/count.ts";
import type { LogTokens } from "../text/summary.ts";
import { formatMillis, formatSeconds } from "../text/time.ts";
import { html } from "./html.ts";
import { entryButton } from "./look.ts";
import { madeRows } from "./made.ts";
import { chip, ledgerLink, taskChip } from "./parts.ts";

/** One task on one line, and on demand everything that the log says of it. */
export class FestTask extends LitElement {
  static override properties = {
    task: { attribute: false },
    edition: { attribute: false },
    view: { attribute: false },
    asked: { attribute: false },
    endpoints: { attribute: false },
    tokens: { attribute: false },
    open: { state: true },
  };
  static override styles = [
    base,
    css`
      summary {
        display: grid;
        grid-template-columns: 3.2rem minmax(0, 1fr) auto 6rem;
        gap: 0 0.6rem;
        align-items: baseline;
        padding: 0.27rem 0.9rem;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:hover,
      details[open] > summary {
        background: var(--raised);
      }
      summary:focus-visible {
        outline-offset: -2px;
      }
      .id {
        color: var(--muted);
      }
      .who {
        color: var(--muted);
        font-size: 0.86rem;
      }
      .state {
        font-size: 0.88rem;
        text-align: right;
      }
      .reward {
        font-size: 0.86rem;
        color: var(--muted);
      }
      @container (max-width: 29rem) {
        summary {
          grid-template-columns: 3.2rem minmax(0, 1fr) auto;
        }
        .reward {
          display: none;
        }
      }
      .more {
        padding: 0.4rem 0.9rem 0.8rem;
        background: var(--raised);
        font-size: 0.88rem;
        display: grid;
        gap: 0.5rem;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 0.15rem 0.9rem;
      }
      dt {
        color: var(--muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
      pre {
        margin: 0;
        max-height: 14rem;
        overflow: auto;
        padding: 0.5rem 0.6rem;
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: 6px;
        font: 0.82rem / 1.4 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare task: Task;
  declare edition: Edition;
  /** The log, to tell the task's causal chain from. */
  declare view: LogView;
  /** Whether the address points at this task. */
  declare asked: boolean;
  declare endpoints: Endpoints;
  declare tokens: LogTokens;
  declare open: boolean;

  override shouldUpdate(changed: PropertyValues<this>): boolean {
    return this.open || [...changed.keys()].some((name) => name !== "view");
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("asked") || !this.asked) return;
    const details = this.renderRoot.querySelector("details");
    if (details === null) return;
    details.open = true;
    details.scrollIntoView({ block: "nearest" });
  }

  override render(): TemplateResult {
    const { task } = this;
    return html`<details @toggle=${this.#toggle} data-task=${task.id} data-task-state=${task.state}>
      <summary>
        <span class="id">${task.id}</span>
        <span class="cut">${task.spec.name} <span class="who">${this.#who()}</span></span>
        <span class="reward">${formatTokens(task.payment?.amount ?? task.spec.reward, this.tokens.payment)}</span>
        <span class="state">${taskChip(task.state)}</span>
      </summary>
      ${this.open ? html`<div class="more">${this.#facts()}${this.#gate()}${this.#why()}${this.#result()}</div>` : nothing}
    </details>`;
  }

  #toggle(event: Event): void {
    if (event.target instanceof HTMLDetailsElement) this.open = event.target.open;
  }

  #who(): string {
    const { task, edition } = this;
    const blockers = blockersOf(task, edition);
    if (task.state === "pending") return blockers.length === 0 ? "" : `after ${blockers.join(", ")}`;
    const attempt = task.attempt > 1 ? `, attempt ${task.attempt}` : "";
    return `${task.agent ?? ""}${attempt}`;
  }

  #facts(): TemplateResult {
    const { task, endpoints, tokens } = this;
    const { spec, payment, trade } = task;
    const dependencies = dependenciesOf(spec);
    return html`<dl>
      <dt>Work</dt>
      <dd>${words(spec.kind)}, for ${spec.role}</dd>
      ${dependencies.length === 0 ? nothing : html`<dt>Depends on</dt><dd>${dependencies.join(", ")}</dd>`}
      <dt>Attempt</dt>
      <dd>${task.attempt === 0 ? "none yet" : `${task.attempt}, by ${task.agent}`}; lease ${formatSeconds(task.leaseSeconds)}</dd>
      <dt>Reward</dt>
      <dd>
        ${formatTokens(payment?.amount ?? spec.reward, tokens.payment)}${spec.hold_reward === undefined || payment !== null ? nothing : html`, or ${formatTokens(spec.hold_reward, tokens.payment)} for a hold`}${payment === null ? nothing : html`, paid by ${ledgerLink(endpoints, { kind: "transaction", id: payment.transfer })}`}
      </dd>
      ${task.reason === null ? nothing : html`<dt>Because</dt><dd class="bad">${task.reason}</dd>`}
      ${
        trade === null
          ? nothing
          : html`<dt>Trade</dt>
            <dd>
              ${trade.stage}${trade.schedule === null ? nothing : html`, schedule ${ledgerLink(endpoints, { kind: "schedule", id: trade.schedule })}`}
            </dd>`
      }
    </dl>`;
  }

  #gate(): TemplateResult | typeof nothing {
    const { criteria, spec } = this.task;
    if (criteria.length > 0) return html`<dl>${criteria.map(criterion)}</dl>`;
    const bounds = Object.entries(spec.gate ?? {});
    if (bounds.length === 0) return nothing;
    return html`<dl>
      ${bounds.map(([name, bound]) => html`<dt>${name}</dt><dd>must be ${describeBound(bound).replace(/^is /, "")}</dd>`)}
    </dl>`;
  }

  #why(): TemplateResult {
    const { task, view, endpoints, tokens } = this;
    return html`<fest-why .task=${task} .view=${view} .endpoints=${endpoints} .tokens=${tokens}></fest-why>`;
  }

  #result(): TemplateResult | typeof nothing {
    const { result } = this.task;
    if (result === null) return nothing;
    const { status, duration_ms, error, metrics, output, provenance, output_ref: file } = result.payload;
    const time = duration_ms === undefined ? "" : ` in ${formatMillis(duration_ms)}`;
    return html`
      <p>
        Result: ${status}${time}${error === undefined ? nothing : html`, <span class="bad">${error}</span>`}
        in entry ${entryButton(this, result.sequence)}
      </p>
      ${provenance === undefined && file === undefined ? nothing : html`<dl>${madeRows(result.payload, this.endpoints)}</dl>`}
      ${metrics === undefined && output === undefined ? nothing : html`<pre tabindex="0">${JSON.stringify({ metrics, output }, null, 2)}</pre>`}
    `;
  }
}

function criterion({ name, passed, value, limit }: Criterion): TemplateResult {
  const said = [value === undefined ? "absent" : String(value), limit === undefined ? "" : `(${limit})`];
  return html`<dt>${chip(passed ? "ok" : "bad", name)}</dt>
    <dd>${passed ? "passed" : "failed"}${value === undefined && passed ? "" : `: ${said.join(" ").trim()}`}</dd>`;
}

customElements.define("fest-task", FestTask);
