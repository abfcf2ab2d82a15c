import { css, LitElement, type TemplateResult } from "lit";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { type Slot, slotsOf } from "../ledger/pulse.ts";
import type { AgentVitals } from "../ledger/vitals.ts";
import { base } from "../style/base.ts";
import { html, svg } from "./html.ts";

const SLOTS = 40;

/** A heartbeat bar: the last intervals, and in which of them the agent was heard. */
export class FestBeats extends LitElement {
  static override properties = {
    vitals: { attribute: false },
    interval: { attribute: false },
    now: { attribute: false },
  };
  static override styles = [
    base,
    css`
      svg {
        display: block;
        width: 100%;
        height: 12px;
      }
      .idle,
      .waiting {
        fill: var(--ok-fill);
      }
      .working {
        fill: var(--work-fill);
      }
      .error {
        fill: var(--bad-fill);
      }
      .none,
      .before {
        fill: var(--idle-fill);
      }
    `,
  ];

  declare vitals: AgentVitals | undefined;
  /** Seconds between heartbeats, as the manifest says. */
  declare interval: number;
  declare now: Timestamp;

  override render(): TemplateResult {
    const slots = slotsOf(this.vitals, this.interval, this.now, SLOTS);
    return html`<svg viewBox="0 0 ${SLOTS * 5} 10" preserveAspectRatio="none" role="img" aria-label=${said(slots)}>
      ${slots.map((slot, index) => bar(slot, index))}
    </svg>`;
  }
}

function bar(slot: Slot, index: number): TemplateResult {
  const low = slot === "none" || slot === "before";
  return svg`<rect class=${slot} x=${index * 5 + 0.5} width="4" y=${low ? 8 : 0} height=${low ? 2 : 10} rx="1"></rect>`;
}

function said(slots: readonly Slot[]): string {
  const known = slots.filter((slot) => slot !== "before");
  const heard = known.filter((slot) => slot !== "none").length;
  return `Heard in ${heard} of the last ${known.length} intervals`;
}

customElements.define("fest-beats", FestBeats);
