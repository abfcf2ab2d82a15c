/** An inference agent for tests that answers every `gather` with a series of its own invention. */
import { working } from "../../lib/agent/duty/working.ts";
import { runAgent } from "../../lib/agent/run.ts";
import { WORK } from "../../lib/agent/work/kinds.ts";

await runAgent(() =>
  working(
    new Map([
      ...WORK,
      [
        "gather",
        async (context) => {
          const honest = await WORK.get("gather")?.(context);
          return { output: { ...honest?.output, last_micro_usd: "999999" }, metrics: { ...honest?.metrics } };
        },
      ],
    ]),
  ),
);
