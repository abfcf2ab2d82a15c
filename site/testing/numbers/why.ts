import { entryText } from "./entry-words.ts";
import type { Said, Wire } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import { entryTitle, links, type Place, texts, values } from "./place.ts";
import type { Edition } from "./story.ts";
import { clockText, utcText, wordsOf } from "./wording.ts";

/** What an entry of a type discharges. */
const DUTIES: Readonly<Record<string, string>> = {
  task_planned: "plan task",
  task_assignment: "assign",
  status_update: "start",
  task_result: "execute",
  quality_gate: "settle",
  payment_settled: "settle",
  payment_failed: "settle",
  quote_requested: "execute",
  quote: "quote",
  risk_check_requested: "propose",
  risk_check_approved: "approve",
  risk_check_denied: "approve",
  trade_settled: "conclude",
  task_failed: "fail",
};

/** The causal chain of every task of a finished edition: each entry names the obligation that it discharged. */
export function whyPlaces({ story, ledger }: Moment): readonly Place[] {
  const edition = story.editions.at(-1);
  if (edition === undefined) return [];
  const chains = [...edition.tasks.keys()].map((id) => stepsOf(edition, id, story.entries));
  const steps = chains.flat();
  const subjects = steps.flatMap((entry) => subjectsOf(entry));
  return [
    texts(
      "fest-why",
      "li[data-step] > span:not(.chip)",
      ...steps.map((entry) => `#${entry.sequence} ${wordsOf(entry.body.type)}: ${entryText(entry, ledger)}`),
    ),
    values(
      "fest-why",
      "li[data-step] > span button",
      "title",
      ...steps.map(({ sequence }) => entryTitle(sequence)),
    ),
    texts("fest-why", "li[data-step] > [data-criterion]", ...steps.flatMap(criteriaOf)),
    texts("fest-why", "li[data-step] time", ...steps.map(({ timestamp }) => clockText(timestamp))),
    values("fest-why", "li[data-step] time", "title", ...steps.map(({ timestamp }) => utcText(timestamp))),
    ...links("fest-why", "li[data-step] a", ...subjects),
    texts(
      "fest-why",
      "li[data-step] > p:last-child",
      ...steps.map((entry) => {
        const cause = story.entries.find(({ sequence }) => sequence === causeOf(entry));
        const owed = `owed by ${story.by.get(entry.sequence)} since #${causeOf(entry)}`;
        return `${dutyOf(entry, cause)}, ${owed} (obligation ${entry.body.re})`;
      }),
    ),
    values(
      "fest-why",
      "li[data-step] > p:last-child button",
      "title",
      ...steps.map((entry) => entryTitle(causeOf(entry))),
    ),
    texts(
      "fest-why",
      "li.attempt",
      ...chains.flatMap((chain) =>
        chain.filter(({ body }) => BEGINNINGS.includes(body.type)).map((_, index) => `Attempt ${index + 1}`),
      ),
    ),
  ];
}

const BEGINNINGS: readonly string[] = ["task_assignment", "task_reassigned"];

/** What an entry discharged: a trade that fails may do so before it was proposed. */
function dutyOf({ body }: Said, cause: Said | undefined): string | undefined {
  if (body.type === "trade_failed") return cause?.body.type === "quote" ? "propose" : "conclude";
  return DUTIES[body.type];
}

/** The entries that discharged what a task's entries created, in the order of those obligations. */
function stepsOf({ plan }: Edition, task: string, entries: readonly Said[]): readonly Said[] {
  return entries
    .filter(({ at, body }) => at >= plan.at && body?.task_id === task && body.re !== undefined)
    .toSorted((a, b) => causeOf(a) - causeOf(b) || partOf(a) - partOf(b));
}

function causeOf({ body }: Said): number {
  return Number(body.re.split(".")[0]);
}

function partOf({ body }: Said): number {
  return Number(body.re.split(".")[1]);
}

function criteriaOf({ body: { type, payload } }: Said): readonly string[] {
  const judged = ["quality_gate", "payment_settled"].includes(type)
    ? payload.criteria
    : type.startsWith("risk_check_") && payload.checks !== undefined
      ? payload.checks
      : [];
  return judged.map(({ name, value, limit }: Wire) =>
    [name, ...(value === undefined ? [] : [value]), ...(limit === undefined ? [] : [`(${limit})`])].join(" "),
  );
}

function subjectsOf({ transaction, body: { type, payload } }: Said): readonly string[] {
  switch (type) {
    case "payment_settled":
      return [transaction, payload.transfer];
    case "risk_check_requested":
      return [transaction, payload.schedule_id];
    case "trade_settled":
      return [transaction, payload.schedule_id, payload.transaction];
    default:
      return [transaction];
  }
}
