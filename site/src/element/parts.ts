/** Small templates that several elements share. */
import { nothing, type TemplateResult } from "lit";
import type { TaskState } from "../../../lib/festival/state.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import { words } from "../text/count.ts";
import { explorerLink, mirrorLink, type Subject, subjectText } from "../text/link.ts";
import type { Tone } from "../text/tone.ts";
import { html } from "./html.ts";

/** A state in words, with a colour and a shape. */
export function chip(tone: Tone, text: string): TemplateResult {
  return html`<span class="chip ${tone}">${text}</span>`;
}

/** A link to the mirror node's JSON of something, and to HashScan where that knows the network. */
export function ledgerLink(endpoints: Endpoints, subject: Subject, text?: string): TemplateResult {
  const name = text ?? subjectText(subject);
  const explorer = explorerLink(endpoints, subject);
  const scan = html`<a class="scan" href=${explorer ?? ""} target="_blank" rel="noreferrer" aria-label="${name} on HashScan">↗</a>`;
  return html`<a class="id" href=${mirrorLink(endpoints, subject)} target="_blank" rel="noreferrer" title="${subjectText(subject)} on the mirror node">${name}</a>${explorer === null ? nothing : scan}`;
}

const TASK_TONES: Readonly<Record<TaskState, Tone>> = {
  paid: "ok",
  complete: "work",
  review: "work",
  in_progress: "work",
  assigned: "wait",
  pending: "idle",
  failed: "bad",
};

/** A task's state in words. */
export function taskChip(state: TaskState): TemplateResult {
  return chip(TASK_TONES[state], words(state));
}
