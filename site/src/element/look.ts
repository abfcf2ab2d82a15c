import type { TemplateResult } from "lit";
import { html } from "./html.ts";

/** Asks for an entry to be shown closely, from anywhere on the page. */
export function lookAtEntry(from: EventTarget, sequence: number): void {
  from.dispatchEvent(new CustomEvent("look-at-entry", { detail: sequence, bubbles: true, composed: true }));
}

/** A button that looks like a link and shows an entry closely. */
export function entryButton(
  from: EventTarget,
  sequence: number,
  text: string = `#${sequence}`,
): TemplateResult {
  return html`<button
    class="plain"
    title="Entry #${sequence} of the log"
    @click=${() => lookAtEntry(from, sequence)}
  >${text}</button>`;
}
