/** The coordinator's plan. */
import { join, resolve } from "node:path";
import { readPlan } from "../../lib/agent/plan-source.ts";
import { KINDS } from "../../lib/agent/work/kinds.ts";
import type { Plan } from "../../lib/festival/plan/plan.ts";
import { describeError, FestError } from "../../lib/hedera/error.ts";
import { type Check, editCommand, type Member } from "./context.ts";
import { error, ok } from "./finding.ts";

const DEFAULT_PLAN = resolve(import.meta.dir, "../../agents/plans/hbar-desk");

/** Reads the plan as the coordinator will. */
export const plan: Check = async ({ members }) => {
  const coordinator = members.find(isCoordinator);
  if (coordinator === undefined) return [];
  const { role } = coordinator;
  try {
    const { name, tasks } = await planOf(coordinator);
    return [ok("plan", `the plan ${JSON.stringify(name)} has ${tasks.length} tasks`)];
  } catch (thrown) {
    if (!(thrown instanceof FestError)) throw thrown;
    return [error("plan", describeError(thrown), editCommand(role, "set FEST_PLAN to a festival's folder"))];
  }
};

/** Whether an environment is a coordinator's. */
export function isCoordinator({ role, agent }: Member): boolean {
  return role.name === "coordinator" || agent === "coordinator";
}

/** The plan of a coordinator's environment. @throws FestError `PLAN_FOLDER_UNREADABLE`; PlanError */
export function planOf({ role }: Member): Promise<Plan> {
  return readPlan(role.env.FEST_PLAN?.trim() || join(DEFAULT_PLAN), KINDS);
}
