import type { Body } from "../entry/entry.ts";
import type { Obligation } from "../obligation.ts";
import { chooseAgent } from "../roles.ts";
import { attemptsLeft, mayMoveMoney } from "../rules/work.ts";
import type { State, Task } from "../state.ts";

/** The task that an obligation is about, if the edition still has it. */
export function taskOf(state: State, obligation: Obligation): Task | undefined {
  return obligation.taskId === null ? undefined : state.edition?.tasks.get(obligation.taskId);
}

/** What discharges `assign`. Null while no agent plays the task's role. */
export function assignTask(state: State, obligation: Obligation): Body<"task_assignment"> | null {
  const task = taskOf(state, obligation);
  const agent = task && chooseAgent(state, task.spec.role, null, turnOf(state, obligation, task.spec.role));
  if (!task || !agent) return null;
  const payload = { attempt: task.attempt + 1, lease_seconds: leaseOf(state, task) };
  return { v: 1, type: "task_assignment", re: obligation.id, task_id: task.id, to: agent.id, payload };
}

/**
 * What discharges `watch` once the lease ran out: another attempt, by another
 * agent if there is one, or the end of the task. Null while nobody plays its role.
 */
export function replaceAgent(
  state: State,
  obligation: Obligation,
): Body<"task_reassigned" | "task_failed"> | null {
  const task = taskOf(state, obligation);
  if (!task) return null;
  const head = { v: 1 as const, re: obligation.id, task_id: task.id };
  if (attemptsLeft(state, task) === 0 && !mayMoveMoney(task)) {
    return { ...head, type: "task_failed", payload: { attempt: task.attempt, reason: "lease expired" } };
  }
  const agent = chooseAgent(state, task.spec.role, task.agent);
  if (!agent) return null;
  const payload = { attempt: task.attempt + 1, lease_seconds: leaseOf(state, task), reason: "lease expired" };
  return { ...head, type: "task_reassigned", to: agent.id, payload };
}

/** What discharges `fail` and `expire`: the reason why the task cannot be done. */
export function failTask(state: State, obligation: Obligation): Body<"task_failed"> | null {
  const task = taskOf(state, obligation);
  if (!task) return null;
  const payload = { attempt: task.attempt, reason: reasonOf(state, task, obligation).slice(0, 200) };
  return { v: 1, type: "task_failed", re: obligation.id, task_id: task.id, payload };
}

/** Which of the role's assignments that are owed now it is: decided side by side, they must not all choose the same agent. */
function turnOf(state: State, obligation: Obligation, role: string): number {
  let turn = 0;
  for (const other of state.obligations.values()) {
    if (other.id === obligation.id) return turn;
    if (other.kind === "assign" && taskOf(state, other)?.spec.role === role) turn += 1;
  }
  return turn;
}

function reasonOf(state: State, task: Task, { kind }: Obligation): string {
  if (kind === "expire") return `no result within ${task.spec.deadline_seconds} s of the edition's start`;
  if (task.attempt > 0) {
    const failed = task.criteria.filter(({ passed }) => !passed).map(({ name }) => name);
    return `rejected ${task.attempt} times: ${failed.join(", ")}`;
  }
  const needs = [...Object.values(task.spec.uses ?? {}), ...(task.spec.depends_on ?? [])];
  const unmet = needs.filter((id) => state.edition?.tasks.get(id)?.state !== "paid");
  if (unmet.length === 0) return `its reward of ${task.spec.reward} is more than the edition's limit leaves`;
  const failed = unmet.filter((id) => state.edition?.tasks.get(id)?.state === "failed");
  return failed.length > 0
    ? `it needs ${failed.join(", ")}, which failed`
    : "its dependencies can never be met";
}

function leaseOf(state: State, task: Task): number {
  return task.spec.lease_seconds ?? state.manifest?.limits.lease_seconds ?? task.leaseSeconds;
}
