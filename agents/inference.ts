/** The inference agent: gathers rates, measures volatility, forecasts, sizes positions, reports. */
import { working } from "../lib/agent/duty/working.ts";
import { runAgent } from "../lib/agent/run.ts";
import { WORK } from "../lib/agent/work/kinds.ts";

await runAgent(() => working(WORK));
