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
import { readPlan } from "../lib/agent/plan-source.ts";
import { runAgent } from "../lib/agent/run.ts";
import { KINDS, WORK } from "../lib/agent/work/kinds.ts";

await runAgent(async ({ config }) => {
  const read = () => readPlan(config.planFolder ?? `${import.meta.dir}/plans/hbar-desk`, KINDS);
  return {
    ...planning(await read(), config.gitCommit, read),
    ...assigning,
    ...settling(evidenceOf(WORK)),
    ...scoring,
    ...approving,
  };
});
