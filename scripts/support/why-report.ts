/** The causal chain of a task in words, and as JSON. */
import type { Entry } from "../../lib/festival/entry/entry.ts";
import type { Criterion, Verdict } from "../../lib/festival/state.ts";
import type { Step, Why } from "../../lib/festival/why.ts";
import type { TopicId } from "../../lib/hedera/id.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { formatTimestamp } from "../../lib/hedera/timestamp.ts";
import { formatTransactionId } from "../../lib/hedera/transaction-id.ts";
import { criteriaOf, subjectsOf } from "../../site/src/ledger/subjects.ts";
import { explorerLink, mirrorLink, type Subject } from "../../site/src/text/link.ts";
import { summarise } from "../../site/src/text/summary.ts";

/** Where the links of a report lead. */
export interface Place {
  readonly endpoints: Pick<Network, "mirror" | "explorer">;
  readonly log: TopicId;
}

const ACCEPTED: Verdict = { kind: "accepted" };

/** A chain as text for a terminal. */
export function describeWhy({ edition, task, needs, steps, uncounted }: Why, place: Place): string {
  const by = task.agent === null ? "" : `, attempt ${task.attempt} by ${task.agent}`;
  const reason = task.reason === null ? "" : `: ${task.reason}`;
  const waits = needs.map(({ id, state }) => `${id} (${state})`).join(", ");
  return [
    `${task.id} ${task.spec.name}: ${task.state}${by}${reason}, edition ${edition}`,
    ...(needs.length === 0 ? [] : [`  needs ${waits}`]),
    ...steps.flatMap((step) => ["", ...describeStep(step, place)]),
    ...uncounted.flatMap(({ entry, verdict }) => ["", ...describeEntry(entry, verdict, place)]),
  ].join("\n");
}

function describeStep({ obligation, cause, end }: Step, place: Place): readonly string[] {
  const { id, kind, agent } = obligation;
  const owed = `${id} ${kind}, owed by ${agent} since #${cause}`;
  if (end.kind === "open") return [`${owed}, open; due ${formatTimestamp(obligation.due)}`];
  if (end.kind === "closed") return [`${owed}, closed by #${end.by.stamp.sequence} ${end.by.name}`];
  return [owed, ...describeEntry(end.by, ACCEPTED, place)];
}

function describeEntry(entry: Entry, verdict: Verdict, place: Place): readonly string[] {
  const { sequence, timestamp, payer, transactionId } = entry.stamp;
  const id = transactionId === null ? `by ${payer}` : formatTransactionId(transactionId);
  const what = summarise(entry, { payment: null, market: null });
  return [
    `  #${sequence} ${entry.name}: ${what}`,
    `    ${verdictText(verdict)} at ${formatTimestamp(timestamp)} as ${id}`,
    ...criteriaOf(entry).map(describeCriterion),
    ...subjectsOf(entry, place.log).map((subject) => `    ${linksOf(subject, place).join("  ")}`),
  ];
}

function describeCriterion({ name, passed, value, limit }: Criterion): string {
  return `    ${passed ? "passed" : "FAILED"} ${[name, value, limit && `(${limit})`].filter((part) => part !== undefined).join(" ")}`;
}

function verdictText(verdict: Verdict): string {
  return "problem" in verdict ? `${verdict.kind} (${verdict.problem})` : verdict.kind;
}

/** A chain as one JSON object. */
export function whyJson({ edition, task, needs, steps, uncounted }: Why, place: Place): string {
  const { id, state, agent, attempt, reason, spec } = task;
  const body = {
    log: place.log,
    edition,
    task_id: id,
    name: spec.name,
    state,
    agent,
    attempt,
    reason,
    needs: needs.map((need) => ({ task_id: need.id, state: need.state })),
    steps: steps.map(({ obligation, cause, end }) => ({
      obligation: obligation.id,
      kind: obligation.kind,
      agent: obligation.agent,
      payer: obligation.payer,
      due: formatTimestamp(obligation.due),
      cause,
      end: end.kind,
      entry: end.kind === "open" ? null : entryJson(end.by, ACCEPTED, place),
    })),
    uncounted: uncounted.map(({ entry, verdict }) => entryJson(entry, verdict, place)),
  };
  return JSON.stringify(body);
}

function entryJson(entry: Entry, verdict: Verdict, place: Place) {
  const { sequence, timestamp, payer, transactionId, bytes } = entry.stamp;
  return {
    sequence,
    timestamp: formatTimestamp(timestamp),
    payer,
    transaction: transactionId === null ? null : formatTransactionId(transactionId),
    type: entry.name,
    verdict,
    criteria: criteriaOf(entry),
    links: subjectsOf(entry, place.log).flatMap((subject) => linksOf(subject, place)),
    body: JSON.parse(new TextDecoder().decode(bytes)),
  };
}

function linksOf(subject: Subject, { endpoints }: Place): readonly string[] {
  const explorer = explorerLink(endpoints, subject);
  return [mirrorLink(endpoints, subject), ...(explorer === null ? [] : [explorer])];
}
