import { nothing, type TemplateResult } from "lit";
import type { Body } from "../../../lib/festival/entry/entry.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import { formatAmount } from "../text/amount.ts";
import { plural } from "../text/count.ts";
import { html } from "./html.ts";
import { ledgerLink } from "./parts.ts";

type Result = Body<"task_result">["payload"];

/** Who made a result, from what, at which cost, and in which file it is: rows of a list of terms, as the result states them. */
export function madeRows({ provenance, output_ref: file }: Result, endpoints: Endpoints): TemplateResult {
  return html`${provenance === undefined ? nothing : provenanceRows(provenance)}${
    file === undefined
      ? nothing
      : html`<dt>File</dt>
        <dd data-made="file">
          HCS-1, topic ${ledgerLink(endpoints, { kind: "topic", id: file.topic })}, SHA-256 <span class="mono">${file.sha256}</span>
        </dd>`
  }`;
}

function provenanceRows(provenance: NonNullable<Result["provenance"]>): TemplateResult {
  const { engine, model, version, input_sha256, output_sha256 } = provenance;
  const made = [`${engine} engine`, `model ${model}`, `version ${version}`, ...costsOf(provenance)];
  return html`<dt>Made by</dt>
    <dd data-made="by">${made.join(", ")}</dd>
    <dt>Input</dt>
    <dd data-made="input">SHA-256 <span class="mono">${input_sha256}</span></dd>
    <dt>Output</dt>
    <dd data-made="output">SHA-256 <span class="mono">${output_sha256}</span></dd>`;
}

/** What others charged for it, and the tokens that a language model read and wrote, as far as it says so. */
function costsOf({
  cost_micro_usd: cost,
  tokens_in: read,
  tokens_out: written,
}: NonNullable<Result["provenance"]>): readonly string[] {
  return [
    ...(cost === undefined ? [] : [`for ${formatAmount(cost, 6)} USD`]),
    ...(read === undefined ? [] : [`${plural(read, "token")} read`]),
    ...(written === undefined ? [] : [`${plural(written, "token")} written`]),
  ];
}
