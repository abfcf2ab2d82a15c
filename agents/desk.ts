/** The desk: the counterparty that quotes a price between HBAR and the test stablecoin, and signs what keeps to it. */
import { quoting } from "../lib/agent/duty/quoting.ts";
import { runAgent } from "../lib/agent/run.ts";

await runAgent(() => quoting);
