/** What the plan commands tell, in words and in JSON. */
import type { PlanDiff } from "../../lib/festival/plan/diff.ts";
import type { Plan } from "../../lib/festival/plan/plan.ts";
import { countSurvey, type Survey, type SurveyStep } from "../../lib/festival/plan/survey.ts";
import type { Edition, Task } from "../../lib/festival/state.ts";
import { NANOS_PER_SECOND } from "../../lib/hedera/timestamp.ts";
import { toJson } from "../../lib/hedera/to-json.ts";

/** A survey as one JSON object: `id`, `name`, the counts, the tree, and what is odd. */
export function surveyJson(survey: Survey, edition: Edition | null): string {
  const { completedGates: completed_gates, ...counts } = countSurvey(survey);
  const step = (one: SurveyStep) => {
    const task = edition?.tasks.get(one.id);
    const ledger = task === undefined ? {} : { ledger: ledgerOf(task) };
    return { ...one, ...ledger };
  };
  const tree = [
    ...survey.phases.map((phase) => ({
      ...phase,
      steps: phase.steps.map(step),
      sequences: phase.sequences.map((sequence) => ({ ...sequence, steps: sequence.steps.map(step) })),
    })),
    ...(survey.steps.length === 0
      ? []
      : [{ id: "0", name: "", folder: "", sequences: [], steps: survey.steps.map(step) }]),
  ];
  return toJson({
    id: survey.id,
    name: survey.name,
    ...counts,
    completed_gates,
    tree,
    oddities: survey.oddities,
  });
}

/** A survey as a tree for people. */
export function surveyText(survey: Survey, edition: Edition | null): string {
  const counts = countSurvey(survey);
  const spent = [...(edition?.tasks.values() ?? [])].reduce(
    (sum, { payment }) => sum + (payment?.amount ?? 0n),
    0n,
  );
  const lines = [
    `${survey.id} ${survey.name}`,
    `${counts.phases} phases, ${counts.sequences} sequences, ${counts.tasks} tasks (${counts.completed} completed), ${counts.gates} gates`,
    ...(edition === null
      ? []
      : [`edition ${edition.number} on the ledger: ${edition.payments} payments, ${spent} tokens`]),
  ];
  const step = (one: SurveyStep, indent: string) => lines.push(indent + lineOf(one, edition));
  for (const phase of survey.phases) {
    lines.push(`${phase.id} ${phase.name}`);
    for (const one of phase.steps) step(one, "  ");
    for (const sequence of phase.sequences) {
      lines.push(`  ${sequence.id} ${sequence.name}`);
      for (const one of sequence.steps) step(one, "    ");
    }
  }
  for (const one of survey.steps) step(one, "");
  for (const { file, line, problem } of survey.oddities) lines.push(`odd: ${file}:${line}: ${problem}`);
  return lines.join("\n");
}

/** That a plan is sound, and what it comes to. */
export function soundJson(plan: Plan): string {
  const { id, name, gates, phases, sequences, tasks } = plan;
  const rewards = tasks.reduce((sum, { spec }) => sum + spec.reward, 0n);
  const manual = tasks.filter(({ spec }) => spec.kind === "manual").length;
  const counts = { phases: phases.length, sequences: sequences.length, tasks: tasks.length, gates, manual };
  return toJson({ ok: true, id, name, ...counts, rewards });
}

/** A difference as one JSON object, tasks by their ids. */
export function diffJson(diff: PlanDiff, more: object = {}): string {
  const ids = (some: readonly { readonly id: string }[]) => some.map(({ id }) => id);
  const { added, changed, withdrawn, finished, unchanged } = diff;
  return toJson({
    added: ids(added),
    changed: ids(changed),
    withdrawn: ids(withdrawn),
    finished: ids(finished),
    unchanged,
    ...more,
  });
}

/** A difference for people, a line a task. */
export function diffText(diff: PlanDiff): string {
  const lines = [
    ...diff.added.map(({ id, spec }) => `+ ${id} ${spec.name}, ${spec.kind}, ${spec.reward} tokens`),
    ...diff.changed.map(({ id, spec }) => `~ ${id} ${spec.name}, ${spec.kind}, ${spec.reward} tokens`),
    ...diff.withdrawn.map(({ id, spec }) => `- ${id} ${spec.name}`),
    ...diff.finished.map(({ id, spec, state }) => `= ${id} ${spec.name}: ${state}, stays as it is`),
  ];
  return [...lines, `${diff.unchanged} tasks as they were`].join("\n");
}

const MARKS = { pending: "·", in_progress: "▸", blocked: "!", completed: "✓", failed: "✗" } as const;

function lineOf(step: SurveyStep, edition: Edition | null): string {
  const task = edition?.tasks.get(step.id);
  const what = step.type === "gate" ? "gate" : (step.kind ?? "manual");
  const reward = step.reward === undefined ? "" : `, ${step.reward} tokens`;
  const stands = task === undefined ? step.status : describeTask(task);
  return `${MARKS[step.status]} ${step.id} ${step.name} (${what}${reward}): ${stands}`;
}

function describeTask(task: Task): string {
  const seconds = secondsOf(task);
  return [
    task.state,
    ...(task.agent === null ? [] : [`by ${task.agent}`]),
    ...(seconds === null ? [] : [`in ${seconds} s`]),
    ...(task.payment === null ? [] : [`for ${task.payment.amount}`]),
    ...(task.approval === null ? [] : ["waits for the owner's signature"]),
    ...(task.reason === null ? [] : [`(${task.reason})`]),
  ].join(" ");
}

function ledgerOf(task: Task) {
  const { state, agent, attempt, reason } = task;
  return { state, agent, attempt, seconds: secondsOf(task), paid: task.payment?.amount ?? null, reason };
}

/** Whole seconds from the beginning of the last attempt to its result. */
function secondsOf({ began, result }: Task): number | null {
  return began === null || result === null || result.timestamp < began
    ? null
    : Number((result.timestamp - began) / NANOS_PER_SECOND);
}
