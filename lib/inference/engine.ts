import { FestError } from "../hedera/error.ts";
import { EMBEDDED } from "./kinds/field.ts";
import { forecast } from "./kinds/forecast.ts";
import { gap } from "./kinds/gap.ts";
import { gather } from "./kinds/gather.ts";
import type { Kind, KindResult } from "./kinds/kind.ts";
import { report } from "./kinds/report.ts";
import { review } from "./kinds/review.ts";
import { size } from "./kinds/size.ts";
import { volatility } from "./kinds/volatility.ts";

/** What does the work of a task. */
export interface Engine {
  readonly name: string;
  readonly version: string;
  /** The kinds of task that it can do. */
  readonly kinds: readonly string[];
  /** Whether the same input gives the same bytes, so that a gate may run it again and compare. */
  readonly deterministic: boolean;
  /**
   * Does the work of one task; the signal ends it early.
   *
   * @throws FestError `KIND_UNKNOWN`, `INPUT_INVALID`, and what the kind itself refuses
   */
  run(kind: string, input: unknown, signal?: AbortSignal): Promise<KindResult>;
}

const KINDS: readonly Kind[] = [gather, forecast, volatility, gap, size, report, review];

/** The engine of this repository: documented models, no network, no clock, no chance. */
export const embeddedEngine: Engine = {
  ...EMBEDDED,
  kinds: KINDS.map((kind) => kind.name),
  deterministic: true,
  run: async (kind, input) => runEmbedded(kind, input),
};

/** The embedded engine's work without a promise, for gates and backtests. @throws FestError as {@link Engine.run} */
export function runEmbedded(kind: string, input: unknown): KindResult {
  const found = KINDS.find(({ name }) => name === kind);
  if (found === undefined) {
    throw new FestError("KIND_UNKNOWN", `the embedded engine does no ${JSON.stringify(kind)}`, {
      fix: `It does ${KINDS.map(({ name }) => name).join(", ")}.`,
    });
  }
  return found.run(input);
}
