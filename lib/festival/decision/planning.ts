import { lastEdition } from "../edition.ts";
import type { Body } from "../entry/entry.ts";
import type { Obligation } from "../obligation.ts";
import { outlineOf } from "../plan/outline.ts";
import type { Plan } from "../plan/plan.ts";
import { commitOf } from "../rules/plan.ts";
import type { State } from "../state.ts";

/** What discharges `plan`: a new edition's outline, or its next part. Null if the plan has no such part. */
export function planEdition(state: State, plan: Plan, obligation: Obligation): Body<"festival_plan"> | null {
  const edition = lastEdition(state) + (obligation.index === 1 ? 1 : 0);
  const payload = outlineOf(plan, edition)[obligation.index - 1];
  return payload === undefined ? null : { v: 1, type: "festival_plan", re: obligation.id, payload };
}

/** What discharges `plan_task`. Null if the plan has no such task. */
export function planTask(plan: Plan, obligation: Obligation): Body<"task_planned"> | null {
  const task = plan.tasks[obligation.index - 1];
  if (task === undefined) return null;
  return { v: 1, type: "task_planned", re: obligation.id, task_id: task.id, payload: task.spec };
}

/** What discharges `commit`: the edition's root and totals. Null if there is no edition. */
export function commitEdition(
  state: State,
  obligation: Obligation,
  gitCommit: string | null,
): Body<"festival_commit"> | null {
  if (state.edition === null) return null;
  const payload = { ...commitOf(state.edition), ...(gitCommit === null ? {} : { git_commit: gitCommit }) };
  return { v: 1, type: "festival_commit", re: obligation.id, payload };
}
