import type { Wire } from "./ledger.ts";
import { amountText, manyText } from "./wording.ts";

/** Who made a result, from what, at which cost, and in which file it is: the texts of the rows that say so. */
export function madeTexts({ provenance, output_ref: file }: Wire): readonly string[] {
  return [
    ...(provenance === undefined ? [] : provenanceTexts(provenance)),
    ...(file === undefined ? [] : [`HCS-1, topic ${file.topic}, SHA-256 ${file.sha256}`]),
  ];
}

function provenanceTexts(provenance: Wire): readonly string[] {
  const { engine, model, version, input_sha256, output_sha256 } = provenance;
  const { cost_micro_usd: cost, tokens_in: read, tokens_out: written } = provenance;
  const made = [
    `${engine} engine`,
    `model ${model}`,
    `version ${version}`,
    ...(cost === undefined ? [] : [`for ${amountText(cost, 6)} USD`]),
    ...(read === undefined ? [] : [`${manyText(read, "token")} read`]),
    ...(written === undefined ? [] : [`${manyText(written, "token")} written`]),
  ];
  return [made.join(", "), `SHA-256 ${input_sha256}`, `SHA-256 ${output_sha256}`];
}
