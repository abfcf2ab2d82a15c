import { dependenciesOf, reachable } from "../dependencies.ts";
import { type Draft, refuse } from "../draft.ts";
import { lastEdition } from "../edition.ts";
import type { Body, Entry } from "../entry/entry.ts";
import { isManual } from "../manual.ts";
import { merkleRoot } from "../merkle.ts";
import { coordinatorOf } from "../roles.ts";
import type { Commit, Edition, Task } from "../state.ts";
import { amendTask } from "./amendment.ts";
import { hasRoom } from "./budget.ts";
import { openDeadline } from "./deadline.ts";
import { waitForOwner } from "./manual.ts";

type Limits = Body<"manifest">["payload"]["limits"];

/** An edition begins, or its outline goes on. */
export function festivalPlan(draft: Draft, entry: Entry<"festival_plan">): void {
  const obligation = draft.discharge(entry, ["plan"]);
  const { payload } = entry.body;
  if (payload.part !== obligation.index)
    refuse(`part ${obligation.index} of the outline is owed, not ${payload.part}`);
  if (payload.part > 1) {
    const edition = draft.currentEdition();
    if (payload.edition !== edition.number) refuse(`edition ${edition.number} is planned`);
    draft.changeEdition({
      phases: [...edition.phases, ...payload.phases],
      sequences: [...edition.sequences, ...payload.sequences],
    });
    beginWorkWhenPlanned(draft);
    return;
  }
  const expected = lastEdition(draft.state) + 1;
  if (payload.edition !== expected) refuse(`edition ${expected} is next, not ${payload.edition}`);
  draft.beginEdition(newEdition(entry));
  const coordinator = coordinatorOf(draft.state) ?? refuse("there is no coordinator");
  for (let part = 2; part <= payload.parts; part++) draft.open("plan", coordinator, { index: part });
  for (let task = 1; task <= payload.tasks; task++) draft.open("plan_task", coordinator, { index: task });
}

/** One task of the edition, or an amendment; when outline and tasks are complete, the work begins. */
export function taskPlanned(draft: Draft, entry: Entry<"task_planned">): void {
  const { task_id: id, re, payload } = entry.body;
  if (re === undefined) {
    amendTask(draft, entry);
    return;
  }
  const { tasks } = draft.currentEdition();
  if (tasks.has(id)) refuse(`task ${id} is planned already`);
  const limits = draft.state.manifest?.limits ?? refuse("there is no manifest");
  const task = freshTask({ id, index: 0, payload }, limits);
  const { index } = draft.discharge({ ...entry, body: { ...entry.body, re } }, ["plan_task"]);
  draft.putTask({ ...task, index });
  beginWorkWhenPlanned(draft);
}

/** A task that was planned and not begun. Refuses one without a reward, or with one over the limit that the owner need not sign. */
export function freshTask(
  { id, index, payload }: Pick<Task, "id" | "index"> & Pick<Body<"task_planned">, "payload">,
  limits: Limits,
): Omit<Task, "changed"> {
  const { steps: _steps, ...spec } = payload;
  if (spec.reward > limits.reward && spec.approval === undefined)
    refuse(`reward ${spec.reward} is over the limit of ${limits.reward}`);
  if (spec.reward === 0n || spec.hold_reward === 0n) refuse(`task ${id} has no reward`);
  if ((spec.hold_reward ?? 0n) > spec.reward)
    refuse(`task ${id} earns more by doing nothing than by doing something`);
  return {
    id,
    index,
    spec,
    state: "pending",
    attempt: 0,
    agent: null,
    missed: [],
    leaseSeconds: spec.lease_seconds ?? limits.lease_seconds,
    result: null,
    criteria: [],
    trade: null,
    payment: null,
    approval: null,
    failedPayments: 0,
    reason: null,
    began: null,
  };
}

/** The edition is finished, if root and totals are what the log says. */
export function festivalCommit(draft: Draft, entry: Entry<"festival_commit">): void {
  draft.discharge(entry, ["commit"]);
  const edition = draft.currentEdition();
  const { payload } = entry.body;
  const due = commitOf(edition);
  if (payload.edition !== due.edition) refuse(`edition ${due.edition} is to be committed`);
  if (payload.root !== due.root) refuse(`the root over results, payments and trades is ${due.root}`);
  const same =
    payload.tasks.planned === due.tasks.planned &&
    payload.tasks.paid === due.tasks.paid &&
    payload.tasks.failed === due.tasks.failed &&
    payload.payments === due.payments &&
    payload.amount === due.amount &&
    payload.trades === due.trades;
  if (!same) refuse("its totals are not those of the log");
  const { sequence, timestamp } = entry.stamp;
  draft.changeEdition({ committed: { sequence, timestamp, payload } });
  draft.change({ commits: draft.before.commits + 1 });
  const coordinator = coordinatorOf(draft.state);
  if (edition.everySeconds !== null && coordinator !== undefined) {
    draft.open("plan", coordinator, { delaySeconds: edition.everySeconds });
  }
}

/** What the commit of a finished edition must say, the git commit aside. */
export function commitOf(edition: Edition): Omit<Commit["payload"], "git_commit"> {
  const tasks = [...edition.tasks.values()];
  return {
    edition: edition.number,
    root: merkleRoot(edition.leaves),
    tasks: {
      planned: edition.taskCount,
      paid: tasks.filter(({ state }) => state === "paid").length,
      failed: tasks.filter(({ state }) => state === "failed").length,
    },
    payments: edition.payments,
    amount: edition.amount,
    trades: edition.trades,
  };
}

/** Owes the assignment of every task that can begin: pending, and all that it depends on is paid; or its end, if the edition has no money for it. */
export function openAssignments(draft: Draft, candidates: Iterable<Task>): void {
  const coordinator = coordinatorOf(draft.state) ?? refuse("there is no coordinator");
  const { tasks } = draft.currentEdition();
  for (const task of candidates) {
    const ready = dependenciesOf(task.spec).every((id) => tasks.get(id)?.state === "paid");
    if (!ready || task.state !== "pending") continue;
    if (isManual(task) && hasRoom(draft.state, task)) waitForOwner(draft, task);
    else draft.open(hasRoom(draft.state, task) ? "assign" : "fail", coordinator, { task: task.id });
  }
}

/** The tasks that directly depend on a task. */
export function dependantsOf(edition: Edition, id: string): readonly Task[] {
  return [...edition.tasks.values()].filter((task) => dependenciesOf(task.spec).includes(id));
}

/** Owes the commit once every task is paid or failed. */
export function openCommitWhenDone(draft: Draft): void {
  const edition = draft.currentEdition();
  const done = [...edition.tasks.values()].every(({ state }) => state === "paid" || state === "failed");
  const coordinator = coordinatorOf(draft.state);
  if (done && edition.tasks.size === edition.taskCount && coordinator !== undefined)
    draft.open("commit", coordinator);
}

function newEdition(entry: Entry<"festival_plan">): Edition {
  const { payload } = entry.body;
  return {
    number: payload.edition,
    name: payload.name,
    started: entry.stamp.timestamp,
    taskCount: payload.tasks,
    everySeconds: payload.every_seconds ?? null,
    parts: payload.parts,
    phases: payload.phases,
    sequences: payload.sequences,
    tasks: new Map(),
    leaves: [],
    payments: 0,
    amount: 0n,
    trades: 0,
    committed: null,
    amendments: [],
  };
}

/** Entries of one plan may land in any order; from here on the tasks stand in the plan's. */
function beginWorkWhenPlanned(draft: Draft): void {
  for (const { kind } of draft.obligations.values()) if (kind === "plan" || kind === "plan_task") return;
  const tasks = [...draft.currentEdition().tasks.values()].toSorted((a, b) => a.index - b.index);
  draft.reorderTasks(tasks);
  const possible = reachable(tasks.map(({ id, spec }) => ({ id, dependsOn: dependenciesOf(spec) })));
  const coordinator = coordinatorOf(draft.state) ?? refuse("there is no coordinator");
  for (const task of tasks) {
    if (!possible.has(task.id)) draft.open("fail", coordinator, { task: task.id });
    else openDeadline(draft, task);
  }
  openAssignments(draft, tasks);
}
