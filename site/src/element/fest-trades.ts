import { css, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Report } from "../../../lib/festival/alarm/drawdown.ts";
import { type Finding, keyOf } from "../../../lib/festival/proof/legs.ts";
import { type Market, swapOf, type TradeRecord } from "../../../lib/festival/proof/trades.ts";
import type { Trade } from "../../../lib/festival/state.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import { inventoryOf } from "../ledger/inventory.ts";
import { poolsOf, profitsOf, referencesOf } from "../ledger/market.ts";
import type { ResultRecord } from "../ledger/results.ts";
import { flowOf } from "../ledger/trades.ts";
import { base, panel } from "../style/base.ts";
import { table } from "../style/table.ts";
import {
  formatAmount,
  formatPrice,
  formatTinybars,
  formatTinybarsShort,
  formatTokens,
  formatUsd,
  type TokenForm,
} from "../text/amount.ts";
import { plural } from "../text/count.ts";
import { formatClock, formatUtc } from "../text/time.ts";
import type { Tone } from "../text/tone.ts";
import { findingLink } from "./finding.ts";
import { html } from "./html.ts";
import { entryButton } from "./look.ts";
import { chip, ledgerLink } from "./parts.ts";

/** Rows that are drawn; earlier trades are in the log. */
const ROWS = 50;

const TONES: Readonly<Record<Trade["stage"], Tone>> = {
  requested: "wait",
  quoted: "wait",
  proposed: "work",
  approved: "work",
  settled: "ok",
  failed: "bad",
};

/** The fund's trades from request to outcome, and whether the mirror node shows both legs. */
export class FestTrades extends LitElement {
  static override properties = {
    trades: { attribute: false },
    results: { attribute: false },
    reports: { attribute: false },
    market: { attribute: false },
    findings: { attribute: false },
    token: { attribute: false },
    endpoints: { attribute: false },
  };
  static override styles = [
    base,
    panel,
    table,
    css`
      .figures {
        padding: 0.6rem 0.9rem 0.5rem;
        border-bottom: 1px solid var(--line);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
        gap: 0.35rem 1rem;
        margin-top: 0.45rem;
      }
      dt {
        font-size: 0.78rem;
        color: var(--muted);
      }
      dd {
        font-size: 0.9rem;
        font-weight: 600;
      }
    `,
  ];

  declare trades: readonly TradeRecord[];
  declare results: readonly ResultRecord[];
  /** The fund's own, oldest first. */
  declare reports: readonly Report[];
  declare market: Market | null;
  declare findings: ReadonlyMap<string, Finding>;
  declare token: TokenForm | null;
  declare endpoints: Endpoints;

  override render(): TemplateResult {
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">Trading</h2>
        ${
          this.market === null
            ? nothing
            : html`<span class="aside">fund ${ledgerLink(this.endpoints, { kind: "account", id: this.market.fund })}</span>`
        }
      </div>
      <div class="body" tabindex="0" role="region" aria-label="Trades, newest first">
        ${this.#figures()}
        ${this.trades.length === 0 ? html`<p class="empty">Nothing has been traded yet.</p>` : this.#table()}
      </div>
    </section>`;
  }

  /** What the ledger says of the fund: prices, inventory, profit with its parts, and what the desk took for it. */
  #figures(): TemplateResult | typeof nothing {
    const references = referencesOf(this.results);
    const held = inventoryOf(this.results).at(-1);
    const report = this.reports.at(-1);
    if (report === undefined && (references.length === 0 || held === undefined)) return nothing;
    const settled = this.trades.filter(({ trade }) => trade.stage === "settled");
    const decimals = this.token?.decimals ?? 0;
    return html`<div class="figures">
      ${
        references.length === 0
          ? nothing
          : html`<fest-prices
            .references=${references}
            .pools=${poolsOf(this.results, decimals)}
            .trades=${settled}
            .decimals=${decimals}
          ></fest-prices>`
      }
      <dl>
        ${held === undefined ? nothing : figure("Inventory", `${formatTinybarsShort(held.hbar)} ℏ, ${formatTokens(held.tokens, this.token)}`)}
        ${report === undefined ? this.#byEditions(settled) : reported(report)}
      </dl>
    </div>`;
  }

  /** Profit and loss while the fund has not reported it: by what each edition measured. */
  #byEditions(settled: readonly TradeRecord[]): TemplateResult {
    const profits = profitsOf(this.results);
    const sum = (part: "net" | "realised" | "unrealised" | "venueFees") =>
      formatUsd(profits.reduce((total, profit) => total + profit[part], 0n));
    const moved = flowOf(settled);
    const mirrored = `${formatTinybarsShort(-moved.hbar)} ℏ, ${formatTokens(-moved.tokens, this.token)}`;
    return html`${figure("Profit and loss", `${sum("net")} USD`, "the sum of the editions' own accounts")}
      ${figure("Realised, unrealised", `${sum("realised")}, ${sum("unrealised")} USD`)}
      ${figure("Fees in the price", `${sum("venueFees")} USD`)}
      ${figure("Desk's mirror image", mirrored, "what the desk got for what it gave, by all settled trades")}`;
  }

  #table(): TemplateResult {
    const rows = this.trades.slice(-ROWS).toReversed();
    const earlier = this.trades.length - rows.length;
    const price = this.token === null ? "Price" : "per ℏ";
    return html`<table>
        <thead>
          <tr>
            <th scope="col" title="When it last changed; it opens at the request">Time</th>
            <th scope="col" class="number">HBAR</th>
            <th scope="col" class="number">${this.token?.symbol ?? "Tokens"}</th>
            <th scope="col" class="number">${price}</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows,
            ({ sequence }) => sequence,
            (record) => this.#row(record),
          )}
        </tbody>
      </table>
      ${earlier === 0 ? nothing : html`<p class="empty">${plural(earlier, "earlier one is", "earlier ones are")} in the log.</p>`}`;
  }

  #row(record: TradeRecord): TemplateResult {
    const { side, hbar, tokens, stage } = record.trade;
    const price = this.token === null ? null : formatPrice(hbar, tokens, this.token.decimals);
    return html`<tr data-trade=${record.sequence} data-stage=${stage}>
      <td>${entryButton(this, record.sequence, formatClock(record.timestamp))}</td>
      <td class="number" title=${formatTinybars(hbar)}>${side} ${formatTinybarsShort(hbar)}</td>
      <td class="number">${tokens === 0n ? "–" : formatAmount(tokens, this.token?.decimals ?? 0)}</td>
      <td class="number">${price ?? "–"}</td>
      <td>${this.#outcome(record)}</td>
    </tr>`;
  }

  #outcome(record: TradeRecord): TemplateResult {
    const { stage, schedule, transaction, reason } = record.trade;
    const expected = this.market === null ? null : swapOf(record, this.market);
    const finding = expected === null ? null : (this.findings.get(keyOf(expected)) ?? null);
    return html`${chip(TONES[stage], stage)}
    ${transaction === null ? nothing : findingLink(this.endpoints, transaction, finding)}
    ${transaction !== null || schedule === null ? nothing : ledgerLink(this.endpoints, { kind: "schedule", id: schedule })}
    ${reason === null ? nothing : html`<span class="muted">${reason}</span>`}`;
  }
}

/** The fund's own report: recomputed from the ledger's transfers alone, and by anybody who wants to. */
function reported({ body: { payload }, stamp }: Report): TemplateResult {
  const since = `from ${formatUtc(payload.from)} to ${formatUtc(payload.to)}, message ${stamp.sequence} of the vitals topic`;
  const fees = `${formatUsd(payload.venue_fees)} USD, ${formatTinybarsShort(payload.network_fees)} ℏ`;
  const rate = payload.sales === 0 ? "no sale yet" : `${payload.wins} of ${plural(payload.sales, "sale")}`;
  return html`
    ${figure("Profit and loss", `${formatUsd(payload.net)} USD`, since)}
    ${figure("Realised, unrealised", `${formatUsd(payload.realised)}, ${formatUsd(payload.unrealised)} USD`, "first in, first out")}
    ${figure("Venue's fees, network's", fees)}
    ${figure("By trading alone", `${formatUsd(payload.trading)} USD`, "what the swaps gained, before the network's fees")}
    ${figure("Desk's mirror image", `${formatUsd(payload.desk)} USD`, "what the desk made of the same swaps")}
    ${figure("Untouched", `${formatUsd(payload.holding)} USD`, "what the opening balance would have gained without a trade")}
    ${figure("Sold at a gain", rate)}
    ${figure("Greatest drawdown", percentOf(payload.max_drawdown_bps))}
    ${figure("Pays for itself", payload.is_self_sustaining ? "yes" : "no", "whether realised profit exceeds the network's fees")}`;
}

function figure(name: string, text: string, title = ""): TemplateResult {
  return html`<div title=${title} data-figure=${name}><dt>${name}</dt><dd>${text}</dd></div>`;
}

function percentOf(basisPoints: number): string {
  return `${formatAmount(BigInt(basisPoints), 2)}%`;
}

customElements.define("fest-trades", FestTrades);
