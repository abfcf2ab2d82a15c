/** A coordinator for tests that approves its first trade and then signs nothing until the quote has expired. */
import { approving } from "../../lib/agent/duty/approving.ts";
import { assigning } from "../../lib/agent/duty/assigning.ts";
import { evidenceOf } from "../../lib/agent/duty/evidence.ts";
import { planning } from "../../lib/agent/duty/planning.ts";
import { settling } from "../../lib/agent/duty/settling.ts";
import { quotedTrade } from "../../lib/agent/duty/terms.ts";
import { readPlan } from "../../lib/agent/plan-source.ts";
import { runAgent } from "../../lib/agent/run.ts";
import { KINDS, WORK } from "../../lib/agent/work/kinds.ts";

await runAgent(async ({ config }) => ({
  ...planning(await readPlan(config.planFolder ?? "", KINDS), null),
  ...assigning,
  ...settling(evidenceOf(WORK)),
  ...approving,
  sign: async (duty) =>
    quotedTrade(duty)?.task.attempt === 1
      ? { kind: "wait", reason: "it is asleep" }
      : (approving.sign?.(duty) ?? { kind: "wait", reason: "nothing" }),
}));
