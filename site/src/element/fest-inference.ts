import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { State } from "../../../lib/festival/state.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { type Forecast, forecastsOf, heldOf, type JobKind, jobsOf, kindsOf } from "../ledger/inference.ts";
import type { ResultRecord } from "../ledger/results.ts";
import { base, panel, table } from "../style/base.ts";
import { formatAmount } from "../text/amount.ts";
import { plural, words } from "../text/count.ts";
import { formatMillis, formatSeconds, secondsUntil } from "../text/time.ts";
import { entryButton } from "./look.ts";
import { chip } from "./parts.ts";

/** Forecasts that are drawn; earlier ones are in the log. */
const ROWS = 30;

/** What the inference agents did: how fast, what they foresaw, and what became of it. */
export class FestInference extends LitElement {
  static override properties = {
    results: { attribute: false },
    state: { attribute: false },
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
    `,
  ];

  /** Results of everybody: what a forecast foresaw, another agent may read. */
  declare results: readonly ResultRecord[];
  declare state: State;
  declare now: Timestamp;

  override render(): TemplateResult {
    const jobs = jobsOf(this.results, this.state);
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
    const forecasts = forecastsOf(this.results);
    const newest = forecasts.at(-1)?.edition;
    const latest = forecasts.filter(({ edition }) => edition === newest);
    return html`
      ${
        latest.length === 0
          ? nothing
          : html`<fest-fan .forecasts=${latest.toSorted((a, b) => a.horizonHours - b.horizonHours)}></fest-fan>
              ${this.#forecasts(forecasts)}`
      }
      ${jobTable(kindsOf(jobs))}
    `;
  }

  #forecasts(forecasts: readonly Forecast[]): TemplateResult {
    const { over, held } = heldOf(forecasts);
    const outcome =
      over === 0 ? "none of their horizons is over yet" : `${held} of ${over} held; 80% would be calibrated`;
    return html`<h3>${plural(forecasts.length, "forecast")}, ${outcome}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col" class="number">80% range, USD</th>
            <th scope="col" class="number">Covers</th>
            <th scope="col" class="number">Skill</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            forecasts.slice(-ROWS).toReversed(),
            ({ sequence }) => sequence,
            (forecast) => this.#row(forecast),
          )}
        </tbody>
      </table>`;
  }

  #row(forecast: Forecast): TemplateResult {
    const { sequence, task, horizonHours, low, high, coverage, skill } = forecast;
    return html`<tr data-forecast=${sequence}>
      <td title=${forecast.model}>${entryButton(this, sequence, `${task}, ${horizonHours} h`)}</td>
      <td class="number">${formatAmount(low, 6)} – ${formatAmount(high, 6)}</td>
      <td class="number" title="of the hours held back; 80% would be calibrated">${percent(coverage)}</td>
      <td class="number" title="of the loss of a random walk; above 0 is better">${skill === null ? "–" : percent(skill)}</td>
      <td>${this.#outcome(forecast)}</td>
    </tr>`;
  }

  #outcome({ actual, low, high, until }: Forecast): TemplateResult {
    if (actual === null)
      return chip(
        "idle",
        secondsUntil(until, this.now) > 0n
          ? `in ${formatSeconds(secondsUntil(until, this.now))}`
          : "no price yet",
      );
    const held = low <= actual && actual <= high;
    return chip(held ? "ok" : "wait", `${formatAmount(actual, 6)}, ${held ? "held" : "missed"}`);
  }
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
        </tr>
      </thead>
      <tbody>
        ${kinds.map(
          ({ kind, done, failed, medianMs, slowestMs }) => html`<tr data-kind=${kind}>
            <td>${words(kind)}</td>
            <td class="number">${done}</td>
            <td class="number">${failed}</td>
            <td class="number">${medianMs === null ? "–" : formatMillis(medianMs)}</td>
            <td class="number">${slowestMs === null ? "–" : formatMillis(slowestMs)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

customElements.define("fest-inference", FestInference);
