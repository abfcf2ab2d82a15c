/**
 * `analyse`: what a language model makes of other tasks' results. Not
 * deterministic: nobody can do it again and come to the same words, so a gate
 * judges its form, its bounds and what it refers to.
 */
import * as z from "zod/mini";
import { sha256Hex, taskId } from "../../festival/entry/field.ts";
import { provenance } from "./field.ts";
import type { Metrics } from "./kind.ts";

/** Most findings, and most letters of each text. */
const MAX_FINDINGS = 8;
const MAX_SUMMARY = 600;
const MAX_SAYS = 300;

/** Input of `analyse`: the question, and the results that it is about, by task id and hash. */
export const analyseInput = z.object({
  question: z.string().check(z.minLength(1), z.maxLength(500)),
  results: z
    .array(z.object({ task_id: taskId, kind: z.string(), sha256: sha256Hex, output: z.unknown() }))
    .check(z.minLength(1)),
});

/** What the model is asked for. */
export const analysis = z.strictObject({
  summary: z.string().check(z.minLength(1), z.maxLength(MAX_SUMMARY)),
  /** What it found, each about one of the results. */
  findings: z
    .array(z.strictObject({ task_id: taskId, says: z.string().check(z.minLength(1), z.maxLength(MAX_SAYS)) }))
    .check(z.maxLength(MAX_FINDINGS)),
  /** How much the results agree with each other, by the model's own judgement. */
  agreement: z.enum(["agree", "mixed", "contradict"]),
});

/** Output of `analyse`: the model's words, named as such. */
export const analyseOutput = z.object({
  ...provenance,
  deterministic: z.literal(false),
  ...analysis.def.shape,
});

/** The figures of an analysis that a gate may bound: `findings`, `agreement`, and how many findings are about no result that it was given. */
export function analysisMetrics(output: z.output<typeof analysis>, about: readonly string[]): Metrics {
  return {
    findings: output.findings.length,
    astray: output.findings.filter(({ task_id }) => !about.includes(task_id)).length,
    agreement: output.agreement,
  };
}
