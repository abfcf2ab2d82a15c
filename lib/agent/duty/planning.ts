import { checkpointPart } from "../../festival/decision/checkpoint.ts";
import { commitEdition, planEdition, planTask } from "../../festival/decision/planning.ts";
import { checkPlan } from "../../festival/plan/check.ts";
import type { Plan } from "../../festival/plan/plan.ts";
import type { Performers } from "../duty.ts";

/** Begins editions of a plan and commits them. */
export function planning(plan: Plan, gitCommit: string | null): Performers {
  return {
    plan: async (duty) => {
      // What the fold would refuse is better not begun: it would stand half planned.
      checkPlan(plan, duty.state.manifest?.limits.reward);
      return duty.sayOrWait(planEdition(duty.state, plan, duty.obligation), "the plan has no such part");
    },
    plan_task: (duty) => duty.sayOrWait(planTask(plan, duty.obligation), "the plan has no such task"),
    checkpoint: (duty) =>
      duty.sayOrWait(checkpointPart(duty.state, duty.obligation), "no checkpoint is under way"),
    commit: (duty) =>
      duty.sayOrWait(commitEdition(duty.state, duty.obligation, gitCommit), "there is no edition"),
  };
}
