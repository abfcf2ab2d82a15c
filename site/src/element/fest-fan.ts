import { css, LitElement, nothing, type TemplateResult } from "lit";
import { secondsOf, type Timestamp } from "../../../lib/hedera/timestamp.ts";
import { placeIn, rangeOf } from "../ledger/chart.ts";
import type { Forecast } from "../ledger/inference.ts";
import type { ReferencePoint } from "../ledger/market.ts";
import type { ScoreRecord } from "../ledger/scores.ts";
import { base } from "../style/base.ts";
import { formatAmount } from "../text/amount.ts";
import { formatSeconds } from "../text/time.ts";
import { html, svg } from "./html.ts";

const WIDTH = 600;
const HEIGHT = 130;
/** Half of a bar's width. */
const HALF = 5;

/** A forecast, and what happened if that is known. */
export interface Outcome {
  readonly forecast: Forecast;
  readonly score: ScoreRecord | null;
}

/** Each forecast's 80% range at the hour that it is about, and the price that came: the fan against what happened. */
export class FestFan extends LitElement {
  static override properties = {
    outcomes: { attribute: false },
    references: { attribute: false },
  };
  static override styles = [
    base,
    css`
      svg {
        display: block;
        width: 100%;
        height: 130px;
      }
      .fan {
        fill: var(--work-fill);
        opacity: 0.2;
      }
      .range {
        fill: var(--work-fill);
        opacity: 0.55;
      }
      .range.held {
        fill: var(--ok-fill);
      }
      .range.missed {
        fill: var(--wait-fill);
      }
      .middle {
        stroke: var(--work);
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }
      .price {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1.5;
        vector-effect: non-scaling-stroke;
      }
      .actual {
        fill: var(--ink);
      }
      p {
        display: flex;
        justify-content: space-between;
        gap: 0.5rem;
        font-size: 0.8rem;
        color: var(--muted);
      }
    `,
  ];

  declare outcomes: readonly Outcome[];
  /** Prices that the log read, in order. */
  declare references: readonly ReferencePoint[];

  override render(): TemplateResult | typeof nothing {
    const { outcomes } = this;
    const [first] = outcomes;
    const last = outcomes.at(-1);
    if (first === undefined || last === undefined) return nothing;
    const start = first.forecast.timestamp;
    const line = linePoints(this.references, outcomes, start);
    const times = rangeOf([
      ...line.map(({ at }) => at),
      ...outcomes.flatMap(({ forecast }) => [forecast.timestamp, forecast.until]),
    ]);
    const prices = rangeOf([
      ...line.map(({ price }) => price),
      ...outcomes.flatMap(({ forecast: { low, high, last: from } }) => [low, high, from]),
    ]);
    if (times === null || prices === null) return nothing;
    const x = (time: bigint) => placeIn(times, time, WIDTH);
    const y = (price: bigint) => HEIGHT - placeIn(prices, price, HEIGHT);
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${said(outcomes)}>
        ${fan(outcomes, x, y)}
        ${outcomes.map(({ forecast, score }) => bar(forecast, score, x, y))}
        <polyline class="price" points=${line.map(({ at, price }) => `${x(at)},${y(price)}`).join(" ")}></polyline>
        ${outcomes.map(({ score }) =>
          score === null
            ? nothing
            : svg`<rect class="actual" x=${x(score.hour) - 3} y=${y(score.price) - 2} width="6" height="4"></rect>`,
        )}
      </svg>
      <p>
        <span>from ${formatAmount(last.forecast.last, 6)} USD</span>
        <span>bar: 80% range; line: the price</span>
        <span>${formatSeconds(secondsOf(maxOf(outcomes) - last.forecast.timestamp))} ahead</span>
      </p>`;
  }
}

type Place = (value: bigint) => number;

/** The ranges that are still open, as one shape from the newest price on. */
function fan(outcomes: readonly Outcome[], x: Place, y: Place): TemplateResult | typeof nothing {
  const open = outcomes.filter(({ score }) => score === null).map(({ forecast }) => forecast);
  const newest = open.at(-1);
  if (newest === undefined) return nothing;
  const { edition } = newest;
  const latest = open
    .filter((forecast) => forecast.edition === edition)
    .toSorted((a, b) => (a.until < b.until ? -1 : 1));
  const start = `${x(newest.timestamp)},${y(newest.last)}`;
  const upper = latest.map(({ until, high }) => `${x(until)},${y(high)}`);
  const lower = latest.map(({ until, low }) => `${x(until)},${y(low)}`).toReversed();
  const middle = [start, ...latest.map((forecast) => `${x(forecast.until)},${y(forecast.middle)}`)];
  return svg`<polygon class="fan" points=${[start, ...upper, ...lower].join(" ")}></polygon>
    <polyline class="middle" fill="none" points=${middle.join(" ")}></polyline>`;
}

function bar(forecast: Forecast, score: ScoreRecord | null, x: Place, y: Place): TemplateResult {
  const kind = score === null ? "open" : score.covered ? "held" : "missed";
  const [top, bottom] = [y(forecast.high), y(forecast.low)];
  const left = x(forecast.until) - HALF;
  return svg`<rect class="range ${kind}" data-range=${forecast.sequence} x=${left} y=${top} width=${2 * HALF} height=${Math.max(1, bottom - top)} rx="2"></rect>
    <line class="middle" x1=${left} x2=${left + 2 * HALF} y1=${y(forecast.middle)} y2=${y(forecast.middle)}></line>`;
}

/** The prices that the log read, and those that forecasts were scored by, in the order of time. */
function linePoints(references: readonly ReferencePoint[], outcomes: readonly Outcome[], start: Timestamp) {
  const read = references
    .filter(({ timestamp }) => timestamp >= start)
    .map(({ timestamp, price }) => ({ at: timestamp, price }));
  const came = outcomes.flatMap(({ score }) =>
    score === null ? [] : [{ at: score.hour, price: score.price }],
  );
  return [...read, ...came].toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

/** The last hour that any of them is about. */
function maxOf(outcomes: readonly Outcome[]): Timestamp {
  return outcomes.map(({ forecast }) => forecast.until).toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 0n;
}

function said(outcomes: readonly Outcome[]): string {
  return outcomes
    .slice(-6)
    .map(({ forecast: { horizonHours, low, high }, score }) => {
      const range = `in ${horizonHours} h between ${formatAmount(low, 6)} and ${formatAmount(high, 6)} USD`;
      return score === null ? range : `${range}, it was ${formatAmount(score.price, 6)}`;
    })
    .join("; ");
}

customElements.define("fest-fan", FestFan);
