/** The defi agent: reads the fund's position, checks risk, trades with the desk, tells what came of it. */
import { trading } from "../lib/agent/duty/trading.ts";
import { pnlReporterOf } from "../lib/agent/pnl.ts";
import { runAgent } from "../lib/agent/run.ts";
import { WORK } from "../lib/agent/work/kinds.ts";

await runAgent((context) => {
  context.watch(pnlReporterOf(context));
  return trading(WORK);
});
