import { amendmentsOf, diffPlan, type PlanDiff } from "../../lib/festival/plan/diff.ts";
import type { Plan } from "../../lib/festival/plan/plan.ts";
import type { State } from "../../lib/festival/state.ts";
import type { Owner } from "./owner.ts";
import { editionAtWork } from "./tasks.ts";

/** How the edition differed from the plan, and the entries that brought it there. */
export interface Applied {
  readonly diff: PlanDiff;
  readonly sequences: readonly number[];
}

/**
 * Brings the edition at work to a plan, one entry of the owner's a difference.
 * Run again after it was cut short, it says the rest.
 *
 * @param planOf reads the plan, as the limits of the state allow it
 * @throws FestError `EDITION_MISSING`, what `planOf` throws, and as {@link Owner.say}
 */
export async function applyPlan(
  owner: Owner,
  planOf: (state: State) => Promise<Plan>,
  onEntry?: (what: string) => void,
): Promise<Applied> {
  const state = await owner.state();
  const plan = await planOf(state);
  const edition = editionAtWork(state);
  const sequences: number[] = [];
  for (const body of amendmentsOf(plan, edition)) {
    onEntry?.(`${body.type} ${body.task_id}`);
    sequences.push((await owner.say(body)).sequence);
  }
  return { diff: diffPlan(plan, edition), sequences };
}
