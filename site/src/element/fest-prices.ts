import { css, LitElement, type TemplateResult } from "lit";
import type { TradeRecord } from "../../../lib/festival/proof/trades.ts";
import { placeIn, rangeOf } from "../ledger/chart.ts";
import type { ReferencePoint } from "../ledger/market.ts";
import { microUsdOf } from "../ledger/trades.ts";
import { base } from "../style/base.ts";
import { formatAmount } from "../text/amount.ts";
import { plural } from "../text/count.ts";
import { formatClock } from "../text/time.ts";
import { html, svg } from "./html.ts";

const WIDTH = 600;
const HEIGHT = 110;

/** The network's price of HBAR as the log read it, and the fund's trades at theirs. */
export class FestPrices extends LitElement {
  static override properties = {
    references: { attribute: false },
    pools: { attribute: false },
    trades: { attribute: false },
    decimals: { attribute: false },
  };
  static override styles = [
    base,
    css`
      svg {
        display: block;
        width: 100%;
        height: 110px;
      }
      polyline {
        fill: none;
        stroke: var(--muted);
        stroke-width: 1.5;
        vector-effect: non-scaling-stroke;
      }
      .pool {
        stroke: var(--work);
        stroke-width: 2;
      }
      .buy {
        fill: var(--ok-fill);
      }
      .sell {
        fill: var(--wait-fill);
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

  declare references: readonly ReferencePoint[];
  /** What the desk's pool asked between its two sides. */
  declare pools: readonly ReferencePoint[];
  /** Settled trades. */
  declare trades: readonly TradeRecord[];
  /** Of the market's token. */
  declare decimals: number;

  override render(): TemplateResult {
    const { references, pools } = this;
    const marks = this.trades.flatMap(({ timestamp, sequence, trade }) => {
      const price = microUsdOf(trade, this.decimals);
      return price === null ? [] : [{ timestamp, sequence, side: trade.side, price }];
    });
    const points = [...references, ...pools, ...marks];
    const times = rangeOf(points.map(({ timestamp }) => timestamp));
    const prices = rangeOf(points.map(({ price }) => price));
    const [first] = references;
    const last = references.at(-1);
    const desk = pools.at(-1);
    if (times === null || prices === null || first === undefined || last === undefined) return html``;
    const x = (time: bigint) => placeIn(times, time, WIDTH);
    const y = (price: bigint) => HEIGHT - placeIn(prices, price, HEIGHT);
    const line = (some: readonly ReferencePoint[]) =>
      some.map(({ timestamp, price }) => `${x(timestamp)},${y(price)}`).join(" ");
    const said = `Reference price from ${formatAmount(first.price, 6)} to ${formatAmount(last.price, 6)} USD, ${plural(marks.length, "trade")}`;
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${said}>
        <polyline points=${line(references)}></polyline>
        <polyline class="pool" points=${line(pools)}></polyline>
        ${marks.map(
          ({ timestamp, price, side }) =>
            svg`<rect class=${side} x=${x(timestamp) - 3} y=${y(price) - 5} width="6" height="10" rx="2"></rect>`,
        )}
      </svg>
      <p>
        <span>${formatClock(first.timestamp)}</span>
        <span>
          reference ${formatAmount(last.price, 6)}${desk === undefined ? "" : html`, <b class="work">desk ${formatAmount(desk.price, 6)}</b>`} USD; bars are trades
        </span>
        <span>${formatClock(last.timestamp)}</span>
      </p>`;
  }
}

customElements.define("fest-prices", FestPrices);
