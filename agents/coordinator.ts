/**
 * The coordinator: reads the plan, gives out its tasks, judges and pays the
 * results, signs the trades that it approves, commits the edition.
 */
import { approving } from "../lib/agent/duty/approving.ts";
import { assigning } from "../lib/agent/duty/assigning.ts";
import { evidenceOf } from "../lib/agent/duty/evidence.ts";
import { planning } from "../lib/agent/duty/planning.ts";
import { scoring } from "../lib/agent/duty/scoring.ts";
import { settling } from "../lib/agent/duty/settling.ts";
import { readPlanFolder } from "../lib/agent/plan-folder.ts";
import { runAgent } from "../lib/agent/run.ts";
import { KINDS, WORK } from "../lib/agent/work/kinds.ts";

await runAgent(async ({ config }) => {
  const plan = await readPlanFolder(config.planFolder ?? `${import.meta.dir}/plans/hbar-desk`, KINDS);
  return {
    ...planning(plan, config.gitCommit),
    ...assigning,
    ...settling(evidenceOf(WORK)),
    ...scoring,
    ...approving,
  };
});
