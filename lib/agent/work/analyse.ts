/** `analyse`: a language model looks at other tasks' results. */
import * as z from "zod/mini";
import { outputHashOf } from "../../festival/provenance.ts";
import type { Criterion } from "../../festival/state.ts";
import { analyseOutput, analysisMetrics } from "../../inference/kinds/analyse.ts";
import { REMOTE, remoteEngine } from "../../inference/remote/engine.ts";
import type { LanguageModel } from "../../inference/remote/model.ts";
import { usedTask, type WorkContext, WorkError } from "./context.ts";
import { type Delivered, deliveredOutput } from "./file.ts";
import type { Work } from "./kinds.ts";
import { provenanceCriterion } from "./provenance.ts";

const DEFAULT_QUESTION = "What do these results say together, and what speaks against it?";

/**
 * `analyse`: answers `input.question` about every result that the task uses.
 *
 * @param model null if none is configured: then every such task is refused with that reason
 */
export function analyseWork(model: LanguageModel | null): Work {
  return async (context) => {
    if (model === null) {
      throw new WorkError("MODEL_MISSING", "this agent has no language model", {
        fix: "Set FEST_LLM_URL and FEST_LLM_MODEL in its environment.",
      });
    }
    const { task, mirror, signal } = context;
    const results = [];
    for (const name of Object.keys(task.spec.uses ?? {})) {
      const used = usedTask(context, name);
      const output = used.result === null ? null : await deliveredOutput(mirror, used.result);
      results.push({ task_id: used.id, kind: used.spec.kind, sha256: outputHashOf(used), output });
    }
    const question = task.spec.input?.question ?? DEFAULT_QUESTION;
    return remoteEngine(model).run("analyse", { question, results }, signal);
  };
}

/** What can be judged of an analysis: its form, its figures, its hashes; never its words. */
export function analysisEvidence(context: WorkContext, { output, metrics }: Delivered): readonly Criterion[] {
  const parsed = z.safeParse(analyseOutput, output);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const value = `${issue?.path.map(String).join(".") || "it"}: ${issue?.message}`.slice(0, 200);
    return [{ name: "form", passed: false, value }];
  }
  const { engine, model, version } = parsed.data;
  const about = Object.values(context.task.spec.uses ?? {});
  const expected = analysisMetrics(parsed.data, about);
  const counted = JSON.stringify(metrics ?? {}) === JSON.stringify(expected);
  const known = engine === REMOTE.name && version === REMOTE.version;
  return [
    { name: "form", passed: known, ...(known ? {} : { value: `${engine} ${version} is no engine for it` }) },
    { name: "figures", passed: counted, ...(counted ? {} : { value: "they are not those of its words" }) },
    { name: "about", passed: expected.astray === 0, value: Number(expected.astray), limit: "is 0" },
    provenanceCriterion(context, output, { engine, model, version }),
  ];
}
