/** The desk: the counterparty that quotes the price of its pool, and signs what keeps to it; on devnet, its noise trader too. */
import { quoting } from "../lib/agent/duty/quoting.ts";
import { noiseTraderOf } from "../lib/agent/noise-trader.ts";
import { runAgent } from "../lib/agent/run.ts";

await runAgent((context) => {
  const noise = noiseTraderOf(context);
  context.watch(noise);
  return quoting(() => noise.quiet);
});
