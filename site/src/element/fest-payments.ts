import { LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type Finding, keyOf } from "../../../lib/festival/proof/legs.ts";
import { type PaymentRecord, transferOf } from "../../../lib/festival/proof/payments.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import { base, panel } from "../style/base.ts";
import { table } from "../style/table.ts";
import { formatTokens, type TokenForm } from "../text/amount.ts";
import { plural } from "../text/count.ts";
import { formatClock } from "../text/time.ts";
import { findingLink } from "./finding.ts";
import { html } from "./html.ts";
import { entryButton } from "./look.ts";
import { ledgerLink } from "./parts.ts";

/** Rows that are drawn; earlier payments are in the log. */
const ROWS = 100;

/** The payments that the log says were made, and whether the mirror node shows their transfers. */
export class FestPayments extends LitElement {
  static override properties = {
    payments: { attribute: false },
    findings: { attribute: false },
    token: { attribute: false },
    endpoints: { attribute: false },
  };
  static override styles = [base, panel, table];

  declare payments: readonly PaymentRecord[];
  declare findings: ReadonlyMap<string, Finding>;
  declare token: TokenForm | null;
  declare endpoints: Endpoints;

  override render(): TemplateResult {
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">Payments</h2>
        <span class="aside">${this.#aside()}</span>
      </div>
      <div class="body" tabindex="0" role="region" aria-label="Payments, newest first">
        ${this.payments.length === 0 ? html`<p class="empty">Nothing has been paid yet.</p>` : this.#table()}
      </div>
    </section>`;
  }

  #aside(): string {
    if (this.payments.length === 0) return "";
    const found = this.payments.filter((payment) => this.#finding(payment) === "found").length;
    return `${found} of ${plural(this.payments.length, "transfer")} found on the mirror`;
  }

  #finding(payment: PaymentRecord): Finding | null {
    const expected = transferOf(payment);
    return expected === null ? null : (this.findings.get(keyOf(expected)) ?? null);
  }

  #table(): TemplateResult {
    const rows = this.payments.slice(-ROWS).toReversed();
    const earlier = this.payments.length - rows.length;
    return html`<table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Task</th>
            <th scope="col">To</th>
            <th scope="col" class="number">Amount</th>
            <th scope="col">On the mirror</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows,
            ({ sequence }) => sequence,
            (payment) => this.#row(payment),
          )}
        </tbody>
      </table>
      ${earlier === 0 ? nothing : html`<p class="empty">${plural(earlier, "earlier one is", "earlier ones are")} in the log.</p>`}`;
  }

  #row(payment: PaymentRecord): TemplateResult {
    const { timestamp, task, agent, account, amount, transfer } = payment;
    const { endpoints } = this;
    return html`<tr data-payment=${payment.sequence}>
      <td>${entryButton(this, payment.sequence, formatClock(timestamp))}</td>
      <td class="mono">${task}</td>
      <td class="name">${ledgerLink(endpoints, { kind: "account", id: account }, agent)}</td>
      <td class="number">${formatTokens(amount, this.token)}</td>
      <td>
        ${amount === 0n ? html`<span class="muted">none needed</span>` : findingLink(endpoints, transfer, this.#finding(payment))}
      </td>
    </tr>`;
  }
}

customElements.define("fest-payments", FestPayments);
