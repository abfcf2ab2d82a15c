import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Entry } from "../../../lib/festival/entry/entry.ts";
import type { Criterion, Task, Verdict } from "../../../lib/festival/state.ts";
import type { Step } from "../../../lib/festival/why.ts";
import type { TopicId } from "../../../lib/hedera/id.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import type { LogView } from "../ledger/feed.ts";
import { criteriaOf, subjectsOf } from "../ledger/subjects.ts";
import { type KnownWhy, whyIn } from "../ledger/why.ts";
import { base } from "../style/base.ts";
import { words } from "../text/count.ts";
import { type LogTokens, summarise } from "../text/summary.ts";
import { formatClock, formatUtc } from "../text/time.ts";
import type { Tone } from "../text/tone.ts";
import { html } from "./html.ts";
import { entryButton } from "./look.ts";
import { chip, ledgerLink } from "./parts.ts";

/** Entries after which another attempt begins. */
const BEGINNINGS: readonly string[] = ["task_assignment", "task_reassigned"];

/** A task's causal chain: each obligation, what created it, what ended it, and by which evidence. */
export class FestWhy extends LitElement {
  static override properties = {
    task: { attribute: false },
    view: { attribute: false },
    endpoints: { attribute: false },
    tokens: { attribute: false },
  };
  static override styles = [
    base,
    css`
      h4 {
        font-size: 0.84rem;
        font-weight: 600;
        margin: 0.2rem 0;
      }
      ol {
        border-left: 2px solid var(--line);
        margin-left: 0.25rem;
      }
      li {
        position: relative;
        padding: 0.1rem 0 0.35rem 0.9rem;
        overflow-wrap: anywhere;
      }
      li::before {
        content: "";
        position: absolute;
        left: -5px;
        top: 0.5em;
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--idle-fill);
      }
      li.ok::before {
        background: var(--ok-fill);
      }
      li.work::before {
        background: var(--work-fill);
      }
      li.wait::before {
        background: var(--wait-fill);
      }
      li.bad::before {
        background: var(--bad-fill);
      }
      li {
        color: var(--ink);
      }
      li p {
        color: var(--muted);
      }
      .attempt {
        font-weight: 600;
      }
      .attempt::before {
        display: none;
      }
    `,
  ];

  declare task: Task;
  declare view: LogView;
  declare endpoints: Endpoints;
  declare tokens: LogTokens;
  #known: KnownWhy | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The chain changes with its task; what else is new in the log has no part in it.
    if (changed.has("task") || this.#known === null) this.#known = whyIn(this.view, this.task.id);
  }

  override render(): TemplateResult | typeof nothing {
    const [first] = this.view.entries;
    if (this.#known === null || first === undefined) return nothing;
    const { topic } = first.message;
    const { why, since } = this.#known;
    let attempt = 0;
    return html`<h4 id="why">Why it stands where it does</h4>
      ${since === null ? nothing : html`<p class="muted">What came before #${since} is still being read.</p>`}
      <ol aria-labelledby="why" data-why=${why.task.id}>
        ${repeat(
          why.steps.filter(isTold),
          ({ obligation }) => obligation.id,
          (step) => {
            const begins = step.end.kind !== "open" && BEGINNINGS.includes(step.end.by.name);
            if (begins) attempt += 1;
            return html`${begins ? html`<li class="attempt" data-attempt=${attempt}>Attempt ${attempt}</li>` : nothing}${this.#step(step, topic)}`;
          },
        )}
        ${why.uncounted.map(({ entry, verdict }) => html`<li class="bad" data-uncounted=${entry.stamp.sequence}>${this.#entry(entry, verdict, topic)}</li>`)}
      </ol>`;
  }

  #step({ obligation, cause, end }: Step, topic: TopicId): TemplateResult {
    const { id, kind, agent, due } = obligation;
    const owed = html`<p>${words(kind)}, owed by ${agent} since ${entryButton(this, cause)} (obligation ${id})${end.kind === "open" ? html`, due ${formatClock(due)}` : nothing}</p>`;
    return html`<li class=${toneOf(end)} data-step=${id} data-end=${end.kind}>
      ${end.kind === "open" ? chip("wait", "open") : this.#entry(end.by, { kind: "accepted" }, topic)}
      ${owed}
    </li>`;
  }

  #entry(entry: Entry, verdict: Verdict, topic: TopicId): TemplateResult {
    const { sequence, timestamp } = entry.stamp;
    const subjects = subjectsOf(entry, topic);
    return html`<span>
        ${entryButton(this, sequence, `#${sequence} ${words(entry.name)}`)}: ${summarise(entry, this.tokens)}
        ${verdict.kind === "accepted" ? nothing : html`<span class="bad">${verdict.kind}${"problem" in verdict ? `: ${verdict.problem}` : ""}</span>`}
      </span>
      ${criteriaOf(entry).map(criterion)}
      <p>
        <time title=${formatUtc(timestamp)}>${formatClock(timestamp)}</time>
        ${subjects.map((subject) => html`${ledgerLink(this.endpoints, subject)} `)}
      </p>`;
  }
}

/** Duties that another one's end closed say nothing of their own. */
function isTold({ end }: Step): boolean {
  return end.kind !== "closed";
}

function toneOf(end: Step["end"]): Tone {
  if (end.kind === "open") return "wait";
  const { name } = end.by;
  if (name === "payment_settled" || name === "trade_settled") return "ok";
  return /failed|denied|gate/.test(name) ? "bad" : "work";
}

/** One criterion of a verdict, with the value that it was judged by. */
function criterion({ name, passed, value, limit }: Criterion): TemplateResult {
  const evidence = [value === undefined ? "" : String(value), limit === undefined ? "" : `(${limit})`];
  return html`<div data-criterion=${name}>${chip(passed ? "ok" : "bad", name)} ${evidence.join(" ").trim()}</div>`;
}

customElements.define("fest-why", FestWhy);
