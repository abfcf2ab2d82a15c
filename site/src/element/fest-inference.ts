import { css, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { LogView } from "../ledger/feed.ts";
import {
  type Forecast,
  forecastsOf,
  type JobKind,
  jobsOf,
  kindsOf,
  type ModelSkill,
  scoresBy,
  skillsOf,
} from "../ledger/inference.ts";
import { referencesOf } from "../ledger/market.ts";
import type { ResultRecord } from "../ledger/results.ts";
import type { ScoreRecord } from "../ledger/scores.ts";
import { base, panel } from "../style/base.ts";
import { table } from "../style/table.ts";
import { formatAmount } from "../text/amount.ts";
import { plural, words } from "../text/count.ts";
import { formatMillis, formatSeconds, secondsUntil } from "../text/time.ts";
import type { Outcome } from "./fest-fan.ts";
import { html } from "./html.ts";
import { entryButton } from "./look.ts";
import { chip } from "./parts.ts";

/** Forecasts that are drawn; earlier ones are in the log. */
const ROWS = 30;

/** What the inference agents did: how fast, what they foresaw, and what became of it. */
export class FestInference extends LitElement {
  static override properties = {
    view: { attribute: false },
    now: { attribute: false },
  };
  static override styles = [
    base,
    panel,
    table,
    css`
      fest-fan {
        padding: 0.5rem 0.9rem 0.3rem;
      }
      h3 {
        padding: 0.6rem 0.9rem 0;
        font-size: 0.86rem;
        font-weight: 600;
      }
      .note {
        padding: 0.2rem 0.9rem 0.4rem;
        font-size: 0.86rem;
        color: var(--muted);
      }
    `,
  ];

  declare view: LogView;
  declare now: Timestamp;

  override render(): TemplateResult {
    const jobs = jobsOf(this.view.results, this.view.state);
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">Inference</h2>
        <span class="aside">${plural(jobs.length, "job")}</span>
      </div>
      <div class="body" tabindex="0" role="region" aria-label="Jobs and forecasts">
        ${jobs.length === 0 ? html`<p class="empty">No inference agent has handed in a result yet.</p>` : this.#content(jobs)}
      </div>
    </section>`;
  }

  #content(jobs: readonly ResultRecord[]): TemplateResult {
    const forecasts = forecastsOf(this.view.results);
    return html`
      ${forecasts.length === 0 ? nothing : this.#forecasts(forecasts)}
      ${jobTable(kindsOf(jobs))}
    `;
  }

  #forecasts(forecasts: readonly Forecast[]): TemplateResult {
    const { state, scores, results } = this.view;
    const scoreOf = scoresBy(forecasts, scores);
    const rows = forecasts.slice(-ROWS).map((forecast) => ({ forecast, score: scoreOf(forecast) }));
    const skills = skillsOf(state);
    const said = plural(forecasts.length, "forecast");
    return html`<fest-fan .outcomes=${rows} .references=${referencesOf(results)}></fest-fan>
      <h3>Skill, by what happened</h3>
      ${skills.length === 0 ? html`<p class="note">No forecast's hour has come yet. Each is scored against the network's own rate once it has.</p>` : skillTable(skills)}
      <h3>${said}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col" class="number">80% range, USD</th>
            <th scope="col" class="number" title="Of the hours held back; 80% would be calibrated">Covers</th>
            <th scope="col" class="number" title="Of a random walk's loss on the hours held back; above 0 is better">Skill</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows.toReversed(),
            ({ forecast }) => forecast.sequence,
            (outcome) => this.#row(outcome),
          )}
        </tbody>
      </table>`;
  }

  #row({ forecast, score }: Outcome): TemplateResult {
    const { sequence, task, horizonHours, low, high, coverage, skill, model } = forecast;
    return html`<tr data-forecast=${sequence}>
      <td title=${model}>${entryButton(this, sequence, `${task}, ${horizonHours} h`)}</td>
      <td class="number">${formatAmount(low, 6)} – ${formatAmount(high, 6)}</td>
      <td class="number">${coverage === null ? "–" : percent(coverage)}</td>
      <td class="number">${skill === null ? "–" : percent(skill)}</td>
      <td>${this.#outcome(forecast, score)}</td>
    </tr>`;
  }

  #outcome({ until }: Forecast, score: ScoreRecord | null): TemplateResult {
    if (score !== null) {
      const { covered, price, sequence } = score;
      return html`${chip(covered ? "ok" : "wait", covered ? "held" : "missed")}
        ${entryButton(this, sequence, formatAmount(price, 6))}`;
    }
    const seconds = secondsUntil(until, this.now);
    return chip("idle", seconds > 0n ? `in ${formatSeconds(seconds)}` : "score is due");
  }
}

/** What the scores of the whole log come to. */
function skillTable(skills: readonly ModelSkill[]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Model</th>
        <th scope="col" class="number">Scored</th>
        <th scope="col" class="number" title="Of a random walk's loss; above 0 is better">Skill</th>
        <th scope="col" class="number" title="Prices inside the 80% interval; 80% is calibrated">Inside 80%</th>
        <th scope="col" class="number" title="Mean pinball loss in basis points of the price, beside the random walk's">Loss, bps</th>
      </tr>
    </thead>
    <tbody>
      ${skills.map(
        ({ name, tally, count, skill, coverage, pinballBps, randomWalkBps }) => html`<tr data-skill=${name}>
          <td>${tally.model}, ${tally.horizonHours} h</td>
          <td class="number">${count}</td>
          <td class="number ${skill !== null && skill < 0 ? "wait" : ""}">${skill === null ? "–" : percent(skill)}</td>
          <td class="number">${percent(coverage)}</td>
          <td class="number" title="the random walk's: ${randomWalkBps.toFixed(1)}">${pinballBps.toFixed(1)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function jobTable(kinds: readonly JobKind[]): TemplateResult {
  return html`<h3>Jobs</h3>
    <table>
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col" class="number">Done</th>
          <th scope="col" class="number">Failed</th>
          <th scope="col" class="number">Median</th>
          <th scope="col" class="number">Slowest</th>
          <th scope="col" class="number">Cost, USD</th>
        </tr>
      </thead>
      <tbody>
        ${kinds.map(
          ({ kind, done, failed, medianMs, slowestMs, cost }) => html`<tr data-kind=${kind}>
            <td>${words(kind)}</td>
            <td class="number">${done}</td>
            <td class="number">${failed}</td>
            <td class="number">${medianMs === null ? "–" : formatMillis(medianMs)}</td>
            <td class="number">${slowestMs === null ? "–" : formatMillis(slowestMs)}</td>
            <td class="number">${cost === null ? "–" : formatAmount(cost, 6)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

customElements.define("fest-inference", FestInference);
