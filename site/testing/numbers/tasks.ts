import { tokensText } from "./entry-words.ts";
import type { Wire } from "./ledger.ts";
import { madeTexts } from "./made.ts";
import type { Moment } from "./moment.ts";
import { entryTitle, links, type Place, texts, values } from "./place.ts";
import { type Edition, needsOf, type Task } from "./story.ts";
import { millisText, secondsText, wordsOf } from "./wording.ts";

/** Each task on its line. */
export function taskPlaces({ story, ledger }: Moment): readonly Place[] {
  const edition = story.editions.at(-1);
  if (edition === undefined) return [];
  const all = [...edition.tasks.values()];
  const squeezed = (text: string) => text.replaceAll(/\s+/g, " ").trim();
  return [
    texts("fest-task", "summary .id", ...all.map(({ id }) => id)),
    texts("fest-task", ".cut", ...all.map((task) => squeezed(`${task.spec.name} ${whoText(task, edition)}`))),
    texts("fest-task", ".reward", ...all.map((task) => tokensText(rewardOf(task), ledger.payment))),
    texts("fest-task", ".state", ...all.map(({ state }) => wordsOf(state))),
  ];
}

/** The same tasks, each opened, without its causal chain. */
export function openTaskPlaces({ story, ledger }: Moment): readonly Place[] {
  const edition = story.editions.at(-1);
  if (edition === undefined) return [];
  const all = [...edition.tasks.values()];
  const results = all.flatMap(({ result }) => result ?? []);
  const linked = all.flatMap(({ payment, trade }) => [
    ...(payment === null ? [] : [payment.body.payload.transfer]),
    ...(trade === null || trade.schedule === null ? [] : [trade.schedule]),
  ]);
  return [
    texts(
      "fest-task",
      ".more > dl > dd",
      ...all.flatMap((task) => [
        ...factsOf(task, ledger.payment),
        ...gateOf(task),
        ...(task.result === null ? [] : madeTexts(task.result.body.payload)),
      ]),
    ),
    ...links("fest-task", ".more dd a", ...linked),
    texts(
      "fest-task",
      ".more > p",
      ...results.map(({ sequence, body: { payload } }) => {
        const time = payload.duration_ms === undefined ? "" : ` in ${millisText(payload.duration_ms)}`;
        const error = payload.error === undefined ? "" : `, ${payload.error}`;
        return `Result: ${payload.status}${time}${error} in entry #${sequence}`;
      }),
    ),
    values("fest-task", ".more > p button", "title", ...results.map(({ sequence }) => entryTitle(sequence))),
    texts(
      "fest-task",
      "pre",
      ...results.map(
        ({
          body: {
            payload: { metrics, output },
          },
        }) => JSON.stringify({ metrics, output }, null, 2).replaceAll(/\s+/g, " "),
      ),
    ),
  ];
}

function rewardOf({ payment, spec }: Task): string {
  return payment?.body.payload.amount ?? spec.reward;
}

function whoText(task: Task, { tasks }: Edition): string {
  if (task.state !== "pending")
    return `${task.agent ?? ""}${task.attempt > 1 ? `, attempt ${task.attempt}` : ""}`;
  const open = needsOf(task).filter((id) => tasks.get(id)?.state !== "paid");
  return open.length === 0 ? "" : `after ${open.join(", ")}`;
}

function factsOf(task: Task, token: Parameters<typeof tokensText>[1]): readonly string[] {
  const { spec, attempt, agent, lease, payment, reason, trade } = task;
  const needs = needsOf(task);
  const hold =
    spec.hold_reward === undefined || payment !== null
      ? ""
      : `, or ${tokensText(spec.hold_reward, token)} for a hold`;
  const paid = payment === null ? "" : `, paid by ${payment.body.payload.transfer}`;
  return [
    `${wordsOf(spec.kind)}, for ${spec.role}`,
    ...(needs.length === 0 ? [] : [needs.join(", ")]),
    `${attempt === 0 ? "none yet" : `${attempt}, by ${agent}`}; lease ${secondsText(lease)}`,
    `${tokensText(rewardOf(task), token)}${hold}${paid}`,
    ...(reason === null ? [] : [reason]),
    ...(trade === null
      ? []
      : [`${trade.stage}${trade.schedule === null ? "" : `, schedule ${trade.schedule}`}`]),
  ];
}

function gateOf({ criteria, spec }: Task): readonly string[] {
  if (criteria.length > 0) return criteria.map(criterionText);
  return Object.values<Wire>(spec.gate ?? {}).map((bound) => `must be ${boundText(bound)}`);
}

function criterionText({ passed, value, limit }: Wire): string {
  const verdict = passed ? "passed" : "failed";
  if (value === undefined && passed) return verdict;
  return `${verdict}: ${value === undefined ? "absent" : value}${limit === undefined ? "" : ` (${limit})`}`;
}

function boundText({ min, max, equals, one_of }: Wire): string {
  if (equals !== undefined) return `${equals}`;
  if (one_of !== undefined) return one_of.join(" or ");
  if (min !== undefined && max !== undefined) return `${min}..${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}
