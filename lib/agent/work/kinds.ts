import type { Kinds } from "../../festival/plan/task-fields.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import type { LanguageModel } from "../../inference/remote/model.ts";
import { analyseWork } from "./analyse.ts";
import type { WorkContext } from "./context.ts";
import { gapWork } from "./gap.ts";
import { forecastWork, gatherWork, reportWork, sizeWork, volatilityWork } from "./inference.ts";
import { measureWork } from "./measure.ts";
import { positionWork } from "./position.ts";
import { reviewWork } from "./review.ts";
import { riskWork } from "./risk.ts";

/** Does the work of a task: the same evidence gives the same result, for the agent and for its judge. */
export type Work = (context: WorkContext) => Promise<KindResult>;

/** Every kind whose result anyone can compute again from the log and the mirror. */
export const WORK: ReadonlyMap<string, Work> = new Map<string, Work>([
  ["gather", gatherWork],
  ["volatility", volatilityWork],
  ["forecast", forecastWork],
  ["gap", gapWork],
  ["size", sizeWork],
  ["report", reportWork],
  ["review", reviewWork],
  ["position", positionWork],
  ["risk", riskWork],
  ["measure", measureWork],
]);

/** The work of an agent with that language model, or with none. */
export function workWith(model: LanguageModel | null): ReadonlyMap<string, Work> {
  return new Map([...WORK, [ANALYSE, analyseWork(model)]]);
}

/** The kind whose result a language model says: nobody can compute it again. */
export const ANALYSE = "analyse";
/** The kind whose results are scored once their horizon has passed. */
export const FORECAST = "forecast";
/** The kind whose result is a trade on the ledger. */
export const TRADE = "trade";

/** Every kind of task, and the role that does it. */
export const KINDS: Kinds = new Map([
  ["gather", "inference"],
  ["volatility", "inference"],
  ["forecast", "inference"],
  ["gap", "inference"],
  ["size", "inference"],
  ["report", "inference"],
  ["review", "inference"],
  [ANALYSE, "inference"],
  ["position", "defi"],
  ["risk", "defi"],
  ["measure", "defi"],
  [TRADE, "defi"],
]);
