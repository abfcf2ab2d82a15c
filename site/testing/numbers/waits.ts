/** Since when somebody has something to do: a stranger's list of what the log leaves open. */
import { forecastKey } from "./forecast.ts";
import type { Moment } from "./moment.ts";
import { type Edition, needsOf, type Task } from "./story.ts";

/** Something to be done, and from when on. */
export interface Wait {
  readonly due: bigint;
  readonly task: string | null;
}

const SECOND = 1_000_000_000n;

/** All that waits to be done now or later. */
export function waitsOf({ story }: Moment): readonly Wait[] {
  const edition = story.editions.at(-1);
  if (edition === undefined) return [];
  const { tasks, every_seconds } = edition.plan.body.payload;
  if (edition.commit !== null) {
    const next =
      every_seconds === undefined
        ? []
        : [{ due: edition.commit.at + BigInt(every_seconds) * SECOND, task: null }];
    return [...next, ...scoresOf(story)];
  }
  const unplanned = Array.from({ length: tasks - edition.tasks.size }, () => ({
    due: edition.plan.at,
    task: null,
  }));
  const all = [...edition.tasks.values()];
  const planned = unplanned.length > 0 ? null : lastPlanned(story, edition);
  const work = all.flatMap((task) => waitsFor(task, edition, planned));
  const over = all.length === tasks && all.every(({ state }) => state === "paid" || state === "failed");
  const commit = over ? [{ due: edition.payments.at(-1)?.at ?? edition.plan.at, task: null }] : [];
  return [...unplanned, ...work, ...commit, ...scoresOf(story)];
}

function lastPlanned({ entries }: Moment["story"], edition: Edition): bigint {
  const last = entries.findLast(({ body, at }) => body?.type === "task_planned" && at > edition.plan.at);
  return last?.at ?? edition.plan.at;
}

function waitsFor(task: Task, { tasks }: Edition, planned: bigint | null): readonly Wait[] {
  const wait = (due: bigint) => ({ due, task: task.id });
  const { state, assigned, sign, result, rejected, lease, trade } = task;
  if (state === "review" && result !== null) return [wait(rejected?.at ?? result.at)];
  if (state === "pending") {
    const needs = needsOf(task).map((id) => tasks.get(id)?.payment?.at ?? null);
    if (planned === null || needs.some((at) => at === null)) return [];
    return [wait(needs.reduce<bigint>((a, b) => (b !== null && b > a ? b : a), planned))];
  }
  if (assigned === null || sign === null || !["assigned", "in_progress"].includes(state)) return [];
  const nextSign = state === "assigned" ? assigned.at : sign.at + BigInt(Math.floor(lease / 2)) * SECOND;
  const work = trade === null ? assigned.at : trade.last.at;
  return [wait(nextSign), wait(work), wait(sign.at + BigInt(lease) * SECOND)];
}

/** Forecasts whose score is still to come: a minute after the hour that they are about, each forecast once. */
function scoresOf({ results, scores }: Moment["story"]): readonly Wait[] {
  const open = new Map<string, Wait>();
  const scored = new Set(scores.map(({ body }) => body.payload.result));
  for (const { said, task } of results) {
    const output = said.body.payload.output;
    if (output?.q50_micro_usd === undefined || task.payment === null) continue;
    const hour = BigInt(output.as_of + output.horizon_hours * 3_600) * SECOND;
    if (said.at >= hour) continue;
    const what = forecastKey(output);
    if (scored.has(said.sequence) || open.has(what)) continue;
    open.set(what, { due: hour + 60n * SECOND, task: null });
  }
  return [...open.values()];
}

/** The verdicts that somebody still waits for. */
export function owedIn({ story }: Moment): number {
  const tasks = [...(story.editions.at(-1)?.tasks.values() ?? [])];
  return tasks.filter(
    ({ state, rejected }) => state === "complete" || (state === "review" && rejected === null),
  ).length;
}
