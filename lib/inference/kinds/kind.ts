/** What a kind of task is: a documented input, a documented output, and a pure function between them. */
import * as z from "zod/mini";
import { FestError } from "../../hedera/error.ts";

/** A JSON object, as an entry's payload carries it. */
export type JsonObject = Readonly<Record<string, unknown>>;
/** What a plan's gate can bound, by name. */
export type Metrics = Readonly<Record<string, number | boolean | string>>;

/** Who made a result, and what others charged for it. */
export interface Maker {
  readonly engine: string;
  readonly model: string;
  readonly version: string;
  /** Micro-USD. */
  readonly cost?: bigint;
  /** Of a language model: tokens read and written, in all attempts. */
  readonly tokens?: { readonly in: number; readonly out: number };
}

/** What came of a task. The same input gives the same bytes of `JSON.stringify`, on every machine. */
export interface KindResult {
  readonly output: JsonObject;
  readonly metrics: Metrics;
  /** Default: the embedded engine, by the model that the output names. */
  readonly maker?: Maker;
}

/** A kind of task, its types forgotten so that kinds can be listed. */
export interface Kind {
  readonly name: string;
  /** Checks the input, does the work, and checks and writes the output. @throws FestError `INPUT_INVALID` and the work's own */
  run(input: unknown): KindResult;
}

/** A kind of task as its file defines it. `Input` and `Output` are the decoded types, with bigint amounts. */
export interface KindOf<Input, Output> {
  readonly name: string;
  readonly input: z.ZodMiniType<Input, unknown>;
  readonly output: z.ZodMiniType<Output, JsonObject>;
  readonly work: (input: Input) => Output;
  /** The figures of an output that a gate may bound. */
  readonly metrics: (output: Output) => Metrics;
}

/** A kind from its definition. Output fields come in the order of its schema. */
export function kindOf<Input, Output>(definition: KindOf<Input, Output>): Kind {
  return {
    name: definition.name,
    run(input) {
      const parsed = z.safeParse(definition.input, input);
      if (!parsed.success) {
        throw new FestError(
          "INPUT_INVALID",
          `the input of ${definition.name} is wrong: ${describe(parsed.error.issues)}`,
        );
      }
      const output = definition.work(parsed.data);
      return { output: z.encode(definition.output, output), metrics: definition.metrics(output) };
    },
  };
}

function describe(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  return issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join(".") || "it"}: ${issue.message}`)
    .join("; ");
}
