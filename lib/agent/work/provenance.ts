/** Who made a result, stated in it: the engine, and hashes of what went in and came out. */
import * as z from "zod/mini";
import type { Body } from "../../festival/entry/entry.ts";
import { inputHash, inputOf, outputHash, reusedFrom } from "../../festival/provenance.ts";
import type { Criterion } from "../../festival/state.ts";
import { EMBEDDED } from "../../inference/kinds/field.ts";
import type { KindResult, Maker } from "../../inference/kinds/kind.ts";
import type { WorkContext } from "./context.ts";

type Provenance = NonNullable<Body<"task_result">["payload"]["provenance"]>;

const named = z.object({ engine: z.string(), model: z.string(), version: z.string() });

/** The provenance of a result, as its entry states it. @throws Error if the task has not begun */
export function provenanceFor({ state, task }: WorkContext, result: KindResult): Provenance {
  const input = inputOf(state, task);
  if (input === null) throw new Error(`task ${task.id} has not begun`);
  const { engine, model, version, cost = 0n, tokens } = makerOf(task.spec.kind, result);
  const input_sha256 = inputHash(input);
  return {
    engine,
    model,
    version,
    input_sha256,
    output_sha256: outputHash(input_sha256, result.output),
    cost_micro_usd: cost,
    ...(tokens === undefined ? {} : { tokens_in: tokens.in, tokens_out: tokens.out }),
  };
}

/**
 * Whether the delivered result states where it comes from: its own input, its
 * own output, and no other task's.
 *
 * @param output as it was delivered
 * @param made by whom the same work is done, if that is known
 */
export function provenanceCriterion(
  context: WorkContext,
  output: unknown,
  made: Pick<Maker, "engine" | "model" | "version"> | null,
): Criterion {
  const fault = provenanceFault(context, output, made);
  return { name: "provenance", passed: fault === null, ...(fault === null ? {} : { value: fault }) };
}

/** Who made a result of a kind: by default the embedded engine, with the model that the output names. */
export function makerOf(kind: string, { maker, output }: KindResult): Maker {
  if (maker !== undefined) return maker;
  const said = z.safeParse(named, output);
  return said.success ? said.data : { engine: EMBEDDED.name, model: kind, version: EMBEDDED.version };
}

function provenanceFault(
  { state, task }: WorkContext,
  output: unknown,
  made: Pick<Maker, "engine" | "model" | "version"> | null,
): string | null {
  const stated = task.result?.payload.provenance;
  const input = inputOf(state, task);
  if (stated === undefined || input === null) return "it states none";
  const other = reusedFrom(state, task);
  if (other !== null) return `its output hash is that of task ${other}`;
  if (stated.input_sha256 !== inputHash(input)) return "its input hash is not that of its input";
  if (stated.output_sha256 !== outputHash(stated.input_sha256, output))
    return "its output hash is not that of its output";
  if (made === null) return null;
  const same =
    stated.engine === made.engine && stated.model === made.model && stated.version === made.version;
  return same ? null : `${stated.engine}/${stated.model}/${stated.version} does not do this work`;
}
