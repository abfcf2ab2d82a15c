import { entryText } from "./entry-words.ts";
import type { Said, Wire } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import { openDutiesOf } from "./open-duties.ts";
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

/** The causal chain of every task: each entry names the obligation that it discharged, and what is open waits. */
export function whyPlaces(moment: Moment): readonly Place[] {
  const { story, ledger } = moment;
  const edition = story.editions.at(-1);
  if (edition === undefined) return [];
  const tasks = [...edition.tasks.values()];
  const chains = tasks.map(({ id }) => metIn(edition, id, story.entries));
  const met = chains.flat();
  const steps = tasks.flatMap((task, index) => {
    const open = openDutiesOf(moment, edition, task).map(({ id, kind, owedBy, due }) =>
      stepOf(id, kind, owedBy, `, due ${due}`),
    );
    const ended = (chains[index] ?? []).map((entry) => {
      const cause = story.entries.find(({ sequence }) => sequence === causeOf(entry.body.re));
      return stepOf(entry.body.re, dutyOf(entry, cause), story.by.get(entry.sequence) ?? "", "");
    });
    return [...ended, ...open].toSorted(byDuty);
  });
  return [
    texts(
      "fest-why",
      "li[data-step] > span:not(.chip)",
      ...met.map((entry) => `#${entry.sequence} ${wordsOf(entry.body.type)}: ${entryText(entry, ledger)}`),
    ),
    values(
      "fest-why",
      "li[data-step] > span button",
      "title",
      ...met.map(({ sequence }) => entryTitle(sequence)),
    ),
    texts("fest-why", "li[data-step] > [data-criterion]", ...met.flatMap(criteriaOf)),
    texts("fest-why", "li[data-step] time", ...met.map(({ timestamp }) => clockText(timestamp))),
    values("fest-why", "li[data-step] time", "title", ...met.map(({ timestamp }) => utcText(timestamp))),
    ...links("fest-why", "li[data-step] a", ...met.flatMap(subjectsOf)),
    texts("fest-why", "li[data-step] > p:last-child", ...steps.map(({ text }) => text)),
    values(
      "fest-why",
      "li[data-step] > p:last-child button",
      "title",
      ...steps.map(({ re }) => entryTitle(causeOf(re))),
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

/** An obligation, and the line that tells of it. */
interface Step {
  readonly re: string;
  readonly text: string;
}

function stepOf(re: string, kind: string | undefined, owedBy: string, due: string): Step {
  return { re, text: `${kind}, owed by ${owedBy} since #${causeOf(re)} (obligation ${re})${due}` };
}

const BEGINNINGS: readonly string[] = ["task_assignment", "task_reassigned"];

/** What an entry discharged: a trade that fails may do so before it was proposed. */
function dutyOf({ body }: Said, cause: Said | undefined): string | undefined {
  if (body.type === "trade_failed") return cause?.body.type === "quote" ? "propose" : "conclude";
  return DUTIES[body.type];
}

/** The entries that discharged what a task's entries created, in the order of those obligations. */
function metIn({ plan }: Edition, task: string, entries: readonly Said[]): readonly Said[] {
  return entries
    .filter(({ at, body }) => at >= plan.at && body?.task_id === task && body.re !== undefined)
    .toSorted((a, b) => byDuty(a.body, b.body));
}

/** The number of the entry that created an obligation. */
function causeOf(re: string): number {
  return Number(re.split(".")[0]);
}

function byDuty({ re: a }: { readonly re: string }, { re: b }: { readonly re: string }): number {
  return causeOf(a) - causeOf(b) || Number(a.split(".")[1]) - Number(b.split(".")[1]);
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
