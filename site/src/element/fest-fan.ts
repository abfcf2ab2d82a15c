import { css, html, LitElement, svg, type TemplateResult } from "lit";
import { placeIn, rangeOf } from "../ledger/chart.ts";
import type { Forecast } from "../ledger/inference.ts";
import { base } from "../style/base.ts";
import { formatAmount } from "../text/amount.ts";

const WIDTH = 400;
const HEIGHT = 120;
const MARGIN = 14;

/** Forecasts side by side by horizon: the last price, the 80% range, its middle, and what happened. */
export class FestFan extends LitElement {
  static override properties = { forecasts: { attribute: false } };
  static override styles = [
    base,
    css`
      svg {
        display: block;
        width: 100%;
        height: 120px;
      }
      .fan {
        fill: var(--work-fill);
        opacity: 0.28;
      }
      .middle {
        stroke: var(--work);
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }
      .actual {
        fill: var(--ink);
      }
      p {
        display: flex;
        justify-content: space-between;
        font-size: 0.8rem;
        color: var(--muted);
      }
    `,
  ];

  /** In the order of their horizons. */
  declare forecasts: readonly Forecast[];

  override render(): TemplateResult {
    const { forecasts } = this;
    const range = rangeOf(
      forecasts.flatMap(({ last, low, high, actual }) => [
        last,
        low,
        high,
        ...(actual === null ? [] : [actual]),
      ]),
    );
    const [first] = forecasts;
    if (range === null || first === undefined) return html``;
    const y = (price: bigint) => HEIGHT - placeIn(range, price, HEIGHT);
    const x = (index: number) => MARGIN + Math.round((index * (WIDTH - 2 * MARGIN)) / forecasts.length);
    const upper = forecasts.map(({ high }, index) => `${x(index + 1)},${y(high)}`);
    const lower = forecasts.map(({ low }, index) => `${x(index + 1)},${y(low)}`).toReversed();
    const start = `${x(0)},${y(first.last)}`;
    const middle = [start, ...forecasts.map(({ middle }, index) => `${x(index + 1)},${y(middle)}`)];
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${said(forecasts)}>
        <polygon class="fan" points=${[start, ...upper, ...lower].join(" ")}></polygon>
        <polyline class="middle" fill="none" points=${middle.join(" ")}></polyline>
        ${forecasts.map(({ actual }, index) =>
          actual === null
            ? ""
            : svg`<circle class="actual" cx=${x(index + 1)} cy=${y(actual)} r="4"></circle>`,
        )}
      </svg>
      <p>
        <span>now ${formatAmount(first.last, 6)}</span>
        ${forecasts.map(({ horizonHours }) => html`<span>${horizonHours} h</span>`)}
      </p>`;
  }
}

function said(forecasts: readonly Forecast[]): string {
  return forecasts
    .map(
      ({ horizonHours, low, high, actual }) =>
        `in ${horizonHours} h between ${formatAmount(low, 6)} and ${formatAmount(high, 6)} USD${actual === null ? "" : `, it was ${formatAmount(actual, 6)}`}`,
    )
    .join("; ");
}

customElements.define("fest-fan", FestFan);
