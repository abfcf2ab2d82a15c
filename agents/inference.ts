/** The inference agent: gathers rates, measures volatility, forecasts, sizes positions, reports, and asks a language model if it has one. */
import { working } from "../lib/agent/duty/working.ts";
import { publishing } from "../lib/agent/publishing.ts";
import { runAgent } from "../lib/agent/run.ts";
import { workWith } from "../lib/agent/work/kinds.ts";

await runAgent(({ config, ledger }) => working(workWith(config.languageModel), publishing(ledger)));
