import { dutiesOf } from "../../../../lib/festival/duty.ts";
import { WINDOW_SECONDS } from "../../../../lib/festival/obligation.ts";
import { agentsOf } from "../../../../lib/festival/roles.ts";
import type { Edition, State } from "../../../../lib/festival/state.ts";
import { addSeconds, type Timestamp } from "../../../../lib/hedera/timestamp.ts";
import { plural } from "../../text/count.ts";
import { formatSeconds } from "../../text/time.ts";
import { blockersOf, tally } from "../tree.ts";
import type { Tile } from "./tile.ts";

/** Seconds after which something that could be done counts as overdue. */
const OVERDUE = 60n;

/** Does the work go on? Failed, blocked, stuck and overdue tasks. */
export function workTile(state: State, now: Timestamp): Tile {
  const { edition } = state;
  const duties = agentsOf(state).flatMap(({ id }) => dutiesOf(state, id));
  const overdue = duties.filter(({ due }) => addSeconds(due, OVERDUE) < now);
  const stuck = overdue.filter(({ due }) => addSeconds(due, WINDOW_SECONDS) < now);
  const base = {
    alarm: null,
    threshold: `overdue after ${formatSeconds(OVERDUE)}, stuck after ${formatSeconds(WINDOW_SECONDS)}`,
    at: state.head?.timestamp ?? null,
    action: { text: "What failed", filter: { type: "", text: "failed" } },
    facts: edition === null ? [] : factsOf(edition, overdue.length),
  };
  if (edition === null) return { ...base, tone: "idle", said: "no plan yet" };
  const { failed, paid } = tally(edition);
  const first = stuck[0] ?? overdue[0];
  const action = first?.taskId
    ? { text: `Task ${first.taskId}`, filter: { type: "", text: first.taskId } }
    : base.action;
  const late = { action, alarm: "obligation_overdue" } as const;
  if (stuck.length > 0)
    return { ...base, ...late, tone: "bad", said: `${plural(stuck.length, "duty", "duties")} stuck` };
  if (failed > 0)
    return { ...base, alarm: "task_blocked", tone: "bad", said: `${plural(failed, "task")} failed` };
  if (overdue.length > 0) return { ...base, ...late, tone: "wait", said: `${overdue.length} overdue` };
  if (state.paused) return { ...base, tone: "wait", said: "paused by the owner" };
  const retried = retriedIn(edition);
  if (retried > 0 && edition.committed === null)
    return { ...base, tone: "wait", said: `${plural(retried, "task")} tried again` };
  if (edition.committed !== null) return { ...base, tone: "ok", said: `edition ${edition.number} done` };
  return { ...base, tone: "ok", said: `${paid} of ${edition.taskCount} paid` };
}

function factsOf(edition: Edition, overdue: number): readonly string[] {
  const counts = tally(edition);
  const blocked = [...edition.tasks.values()].filter((task) =>
    blockersOf(task, edition).some((id) => edition.tasks.get(id)?.state === "failed"),
  ).length;
  const working = counts.assigned + counts.in_progress + counts.review + counts.complete;
  return [`${working} at work`, `${overdue} overdue`, `${blocked} blocked`, `${counts.failed} failed`];
}

function retriedIn(edition: Edition): number {
  return [...edition.tasks.values()].filter(({ attempt, state }) => attempt > 1 && state !== "paid").length;
}
