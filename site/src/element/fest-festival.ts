import { css, LitElement, nothing, type TemplateResult } from "lit";
import type { Edition, Task } from "../../../lib/festival/state.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import type { LogView } from "../ledger/feed.ts";
import { type PhaseNode, type SequenceNode, STATES, tally, treeOf } from "../ledger/tree.ts";
import { base, panel } from "../style/base.ts";
import { plural, words } from "../text/count.ts";
import type { LogTokens } from "../text/summary.ts";
import { formatSeconds } from "../text/time.ts";
import { html, svg } from "./html.ts";

/** The current edition: how far it is, and every task under its phase and sequence. */
export class FestFestival extends LitElement {
  static override properties = {
    view: { attribute: false },
    task: { attribute: false },
    endpoints: { attribute: false },
    tokens: { attribute: false },
  };
  static override styles = [
    base,
    panel,
    css`
      .body {
        container-type: inline-size;
      }
      .progress {
        padding: 0.7rem 0.9rem 0.6rem;
        border-bottom: 1px solid var(--line);
      }
      svg {
        display: block;
        width: 100%;
        height: 10px;
        border-radius: 5px;
        background: var(--idle-fill);
      }
      .paid {
        fill: var(--ok-fill);
      }
      .complete,
      .review,
      .in_progress {
        fill: var(--work-fill);
      }
      .assigned {
        fill: var(--wait-fill);
      }
      .pending {
        fill: var(--idle-fill);
      }
      .failed {
        fill: var(--bad-fill);
      }
      .progress p {
        margin-top: 0.4rem;
        font-size: 0.86rem;
        color: var(--muted);
      }
      h3 {
        display: flex;
        align-items: baseline;
        gap: 0.5rem;
        padding: 0.7rem 0.9rem 0.15rem;
        font-size: 0.92rem;
        font-weight: 650;
      }
      h3 .count {
        margin-left: auto;
        font-weight: 400;
        font-size: 0.84rem;
        color: var(--muted);
      }
      ul {
        padding: 0.2rem 0.9rem 0.7rem;
        list-style: none;
        font-size: 0.84rem;
        color: var(--muted);
      }
      /* A task's line, kept until the element comes that draws it. */
      fest-task {
        display: block;
        min-height: 1.98rem;
      }
      h4 {
        padding: 0.3rem 0.9rem 0.1rem;
        font-weight: 400;
        font-size: 0.84rem;
        color: var(--muted);
      }
    `,
  ];

  declare view: LogView;
  /** The task that the address points at. */
  declare task: string | null;
  declare endpoints: Endpoints;
  declare tokens: LogTokens;

  override render(): TemplateResult {
    const { edition } = this.view.state;
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">Festival</h2>
        ${edition === null ? nothing : html`<span class="aside">${this.#schedule(edition)}</span>`}
      </div>
      ${edition === null ? this.#empty() : this.#edition(edition)}
    </section>`;
  }

  #empty(): TemplateResult {
    const { head, manifest } = this.view.state;
    const text =
      head === null
        ? "Nothing has been read from the log yet."
        : manifest === null
          ? "The log has no manifest, which would say who may speak. Nothing in it counts."
          : "The log has no plan yet.";
    return html`<p class="empty">${text}</p>`;
  }

  #schedule({ committed, everySeconds }: Edition): string {
    if (committed === null)
      return everySeconds === null ? "" : `again ${formatSeconds(everySeconds)} after its commit`;
    return everySeconds === null
      ? `committed in #${committed.sequence}`
      : `committed in #${committed.sequence}, next ${formatSeconds(everySeconds)} later`;
  }

  #edition(edition: Edition): TemplateResult {
    return html`
      ${progress(edition)}
      <div class="body" tabindex="0" role="region" aria-label="Tasks">
        <fest-graph .edition=${edition}></fest-graph>
        ${treeOf(edition).map((phase) => this.#phase(phase, edition))} ${amendments(edition)}
      </div>
    `;
  }

  #phase(phase: PhaseNode, edition: Edition): TemplateResult {
    return html`
      <h3>
        <span class="muted">${phase.id}</span>
        <span class="cut">${phase.name || "Elsewhere"}</span>
        <span class="count">${phase.done} of ${phase.tasks}</span>
      </h3>
      ${phase.sequences.map((sequence) => this.#sequence(sequence, edition))}
    `;
  }

  #sequence({ id, name, tasks }: SequenceNode, edition: Edition): TemplateResult {
    return html`
      ${name === "" ? nothing : html`<h4>${id} ${name}</h4>`}
      ${tasks.map((task) => this.#task(task, edition))}
    `;
  }

  #task(task: Task, edition: Edition): TemplateResult {
    return html`<fest-task
      .task=${task}
      .edition=${edition}
      .view=${this.view}
      .asked=${task.id === this.task}
      .endpoints=${this.endpoints}
      .tokens=${this.tokens}
    ></fest-task>`;
  }
}

/** What the owner changed in the plan since it was begun, in log order. */
function amendments({ amendments: changes }: Edition): TemplateResult | typeof nothing {
  if (changes.length === 0) return nothing;
  return html`
    <h3>
      <span class="cut">Changes to the plan</span>
      <span class="count">${changes.length}</span>
    </h3>
    <ul>
      ${changes.map(({ sequence, change, task }) => html`<li>#${sequence}: the owner ${PAST[change]} ${task}</li>`)}
    </ul>
  `;
}

const PAST = { added: "added", changed: "changed", withdrawn: "withdrew" } as const;

function progress(edition: Edition): TemplateResult {
  const counts = tally(edition);
  const present = STATES.filter((state) => counts[state] > 0);
  const unplanned = edition.taskCount - edition.tasks.size;
  const said = present.map((state) => `${counts[state]} ${words(state)}`);
  if (unplanned > 0) said.push(`${unplanned} still to be planned`);
  let from = 0;
  const bars = present.map((state) => {
    const bar = svg`<rect class=${state} x=${from} width=${counts[state]} height="1"></rect>`;
    from += counts[state];
    return bar;
  });
  return html`<div class="progress">
    <svg viewBox="0 0 ${edition.taskCount} 1" preserveAspectRatio="none" role="img" aria-label=${said.join(", ")}>
      ${bars}
    </svg>
    <p>${plural(edition.taskCount, "task")}: ${said.join(", ")}</p>
  </div>`;
}

customElements.define("fest-festival", FestFestival);
