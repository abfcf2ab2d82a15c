import type { Kinds } from "../../festival/plan/fest-tree.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import type { WorkContext } from "./context.ts";
import { forecastWork, gatherWork, reportWork, sizeWork, volatilityWork } from "./inference.ts";
import { measureWork } from "./measure.ts";
import { positionWork } from "./position.ts";
import { riskWork } from "./risk.ts";

/** Does the work of a task: the same evidence gives the same result, for the agent and for its judge. */
export type Work = (context: WorkContext) => Promise<KindResult>;

/** Every kind whose result anyone can compute again from the log and the mirror. */
export const WORK: ReadonlyMap<string, Work> = new Map<string, Work>([
  ["gather", gatherWork],
  ["volatility", volatilityWork],
  ["forecast", forecastWork],
  ["size", sizeWork],
  ["report", reportWork],
  ["position", positionWork],
  ["risk", riskWork],
  ["measure", measureWork],
]);

/** The kind whose result is a trade on the ledger. */
export const TRADE = "trade";

/** Every kind of task, and the role that does it. */
export const KINDS: Kinds = new Map([
  ["gather", "inference"],
  ["volatility", "inference"],
  ["forecast", "inference"],
  ["size", "inference"],
  ["report", "inference"],
  ["position", "defi"],
  ["risk", "defi"],
  ["measure", "defi"],
  [TRADE, "defi"],
]);
