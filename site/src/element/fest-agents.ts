import { css, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type Agent, agentsOf } from "../../../lib/festival/roles.ts";
import type { State } from "../../../lib/festival/state.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import { type Pulse, pulseOf } from "../ledger/pulse.ts";
import { spendingOf } from "../ledger/runway.ts";
import type { AgentVitals, VitalsView } from "../ledger/vitals.ts";
import { base, panel } from "../style/base.ts";
import { formatTinybarsShort } from "../text/amount.ts";
import { plural } from "../text/count.ts";
import { formatAge, formatSeconds } from "../text/time.ts";
import type { Tone } from "../text/tone.ts";
import { html } from "./html.ts";
import { chip, ledgerLink } from "./parts.ts";

const TONES: Readonly<Record<Pulse, Tone>> = {
  idle: "ok",
  working: "work",
  waiting: "ok",
  error: "bad",
  late: "wait",
  silent: "bad",
  lost: "bad",
  stopped: "idle",
  "not seen": "idle",
};

/** Every agent of the manifest: whether it lives, what it does, and what it says of itself. */
export class FestAgents extends LitElement {
  static override properties = {
    vitals: { attribute: false },
    now: { attribute: false },
    state: { attribute: false },
    endpoints: { attribute: false },
  };
  static override styles = [
    base,
    panel,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
      }
      li {
        padding: 0.5rem 0.9rem 0.55rem;
        border-bottom: 1px solid var(--line);
        min-width: 0;
      }
      .line {
        display: flex;
        align-items: baseline;
        gap: 0.6rem;
      }
      h3 {
        font-size: 0.92rem;
        font-weight: 600;
      }
      .line > :last-child {
        margin-left: auto;
        white-space: nowrap;
        font-size: 0.88rem;
      }
      fest-beats {
        margin: 0.25rem 0 0.3rem;
      }
      p {
        font-size: 0.84rem;
        color: var(--muted);
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare vitals: VitalsView;
  declare state: State;
  /** The moment that is shown. */
  declare now: Timestamp;
  declare endpoints: Endpoints;

  override render(): TemplateResult {
    const agents = agentsOf(this.state);
    const { now } = this;
    const interval = this.state.manifest?.heartbeat_seconds;
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">Agents</h2>
        ${interval === undefined ? nothing : html`<span class="aside">a heartbeat every ${formatSeconds(interval)}</span>`}
      </div>
      <div class="body" tabindex="0" role="region" aria-label="Agents and their vital signs">
        ${
          agents.length === 0
            ? html`<p class="empty">The log has no manifest yet, so it names no agents.</p>`
            : html`<ul>
              ${repeat(
                agents,
                ({ id }) => id,
                (agent) => this.#agent(agent, interval ?? 1, now),
              )}
            </ul>`
        }
      </div>
    </section>`;
  }

  #agent(agent: Agent, interval: number, now: Timestamp): TemplateResult {
    const vitals = this.vitals.agents.get(agent.id);
    const pulse = pulseOf(vitals, interval, now);
    const task = vitals?.last?.beat.active_task_id;
    const busy = pulse === "working" && task !== undefined ? `working on ${task}` : pulse;
    return html`<li data-agent=${agent.id} data-pulse=${pulse}>
      <div class="line">
        <h3>${agent.id}</h3>
        ${ledgerLink(this.endpoints, { kind: "account", id: agent.account })}
        <span>${chip(TONES[pulse], busy)}${this.#age(vitals, now)}</span>
      </div>
      <fest-beats .vitals=${vitals} .interval=${interval} .now=${now}></fest-beats>
      ${this.#signs(vitals, agent.role)}
    </li>`;
  }

  #age(vitals: AgentVitals | undefined, now: Timestamp): TemplateResult | typeof nothing {
    if (!vitals?.last) return nothing;
    return html` <span class="muted">${formatAge(vitals.last.timestamp, now)}</span>`;
  }

  #spending(vitals: AgentVitals): readonly string[] {
    const spending = spendingOf(vitals);
    if (spending === null || spending.runwaySeconds === null) return [];
    return [
      `${formatTinybarsShort(spending.perDay)} ℏ a day`,
      `lasts ${formatSeconds(spending.runwaySeconds)}`,
    ];
  }

  #signs(vitals: AgentVitals | undefined, role: string): TemplateResult {
    if (!vitals?.last) return html`<p>No heartbeat on the vitals topic yet.</p>`;
    const { beat } = vitals.last;
    const behind = (this.state.head?.sequence ?? 0) - beat.sequence;
    const signs = [
      `up ${formatSeconds(beat.uptime_seconds)}`,
      `${beat.completed_tasks} done, ${beat.failed_tasks} failed`,
      ...(beat.balance === undefined ? [] : [`${formatTinybarsShort(beat.balance)} ℏ`]),
      // The desk's HBAR is what it trades with.
      ...(role === "desk" ? [] : this.#spending(vitals)),
      `${beat.rss_mb} MB`,
      behind > 0 ? `${plural(behind, "entry", "entries")} behind` : "has read all",
      ...(beat.version === undefined ? [] : [`v${beat.version.replace(/^v/, "")}`]),
    ];
    const { error } = vitals;
    return html`<p>${signs.join(" · ")}</p>
      ${error === null ? nothing : html`<p class="bad">${error.code}: ${error.message}</p>`}`;
  }
}

customElements.define("fest-agents", FestAgents);
