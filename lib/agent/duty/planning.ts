import { checkpointPart } from "../../festival/decision/checkpoint.ts";
import { commitEdition, planEdition, planTask } from "../../festival/decision/planning.ts";
import { checkPlan } from "../../festival/plan/check.ts";
import type { Plan } from "../../festival/plan/plan.ts";
import type { Performers } from "../duty.ts";

/**
 * Begins editions of a plan and commits them.
 *
 * @param read reads the plan again, for each new edition; absent: it never changes
 */
export function planning(first: Plan, gitCommit: string | null, read?: () => Promise<Plan>): Performers {
  let plan = first;
  return {
    plan: async (duty) => {
      // The rest of an outline and its tasks are those of the plan that it was begun from.
      const begins = duty.obligation.index === 1 && read !== undefined;
      const next = begins ? await duty.once("plan", read) : plan;
      // What the fold would refuse is better not begun: it would stand half planned.
      checkPlan(next, duty.state.manifest?.limits.reward);
      plan = next;
      return duty.sayOrWait(planEdition(duty.state, plan, duty.obligation), "the plan has no such part");
    },
    plan_task: (duty) => duty.sayOrWait(planTask(plan, duty.obligation), "the plan has no such task"),
    checkpoint: (duty) =>
      duty.sayOrWait(checkpointPart(duty.state, duty.obligation), "no checkpoint is under way"),
    commit: (duty) =>
      duty.sayOrWait(commitEdition(duty.state, duty.obligation, gitCommit), "there is no edition"),
  };
}
