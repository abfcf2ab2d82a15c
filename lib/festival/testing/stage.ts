/** Brings a festival to the point where a test begins. */
import type { Body } from "../entry/entry.ts";
import type { Obligation, ObligationKind } from "../obligation.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "./log.ts";
import { perform } from "./player.ts";

/** What a test wants of a planned task. */
export type Spec = Partial<Body<"task_planned">["payload"]>;

/** The manifest of the tests with other roles. */
export function manifestWith(
  roles: Partial<Body<"manifest">["payload"]["roles"]>,
  changes: Partial<Body<"manifest">["payload"]> = {},
): Body<"manifest"> {
  const merged = Object.entries({ ...MANIFEST.payload.roles, ...roles });
  const kept = merged.flatMap(([role, agents]) => (agents === undefined ? [] : [[role, agents] as const]));
  return { ...MANIFEST, payload: { ...MANIFEST.payload, ...changes, roles: Object.fromEntries(kept) } };
}

/** What discharges `plan`. */
export function outline(
  { id }: Pick<Obligation, "id">,
  changes: Partial<Body<"festival_plan">["payload"]> = {},
): Body<"festival_plan"> {
  const payload = {
    edition: 1,
    part: 1,
    parts: 1,
    name: "Test",
    tasks: 1,
    plan_sha256: "0".repeat(64),
    phases: [],
    sequences: [],
    ...changes,
  };
  return { v: 1, type: "festival_plan", re: id, payload };
}

/** What discharges `plan_task`. */
export function planned({ id }: Pick<Obligation, "id">, task_id: string, spec: Spec): Body<"task_planned"> {
  const payload = { name: task_id, kind: "gather", role: "inference", reward: 10n, ...spec };
  return { v: 1, type: "task_planned", re: id, task_id, payload };
}

/** A log on which a plan was planned, and nothing else happened yet. */
export function stage(
  specs: Readonly<Record<string, Spec>>,
  manifest: Body<"manifest"> = MANIFEST,
  changes: Partial<Body<"festival_plan">["payload"]> = {},
): TestLog {
  const log = new TestLog();
  log.say(manifest, ACCOUNTS.owner);
  const tasks = Object.entries(specs);
  const plan = log.the("plan");
  log.discharge(plan, outline(plan, { tasks: tasks.length, ...changes }));
  for (const [index, obligation] of log.owed("plan_task").entries()) {
    const [id, spec] = tasks[index] ?? ["none", {}];
    log.discharge(obligation, planned(obligation, id, spec));
  }
  return log;
}

/** Goes on with what is owed for a task, one kind after another, each in its usual way. */
export function go(log: TestLog, taskId: string, ...kinds: readonly ObligationKind[]): TestLog {
  for (const kind of kinds) {
    perform(log, log.the(kind, taskId));
    if (log.outcome !== "accepted") throw new Error(`${kind} of ${taskId} was ${log.outcome}`);
  }
  return log;
}

/** The head of an entry that is about a task's obligation. */
export function about({ id, taskId }: Obligation) {
  return { v: 1 as const, re: id, task_id: taskId ?? "none" };
}
