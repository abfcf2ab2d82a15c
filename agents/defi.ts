/** The defi agent: reads the fund's position, checks risk, trades with the desk, measures what came of it. */
import { trading } from "../lib/agent/duty/trading.ts";
import { runAgent } from "../lib/agent/run.ts";
import { WORK } from "../lib/agent/work/kinds.ts";

await runAgent(() => trading(WORK));
