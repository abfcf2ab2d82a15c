/** Reads a plan that is one YAML or JSON file, for people without fest; `docs/plan.schema.json` describes it. */
import * as z from "zod/mini";
import { seconds, text } from "../entry/field.ts";
import { gate } from "../entry/plan.ts";
import { readYaml } from "./document.ts";
import { PlanError } from "./error.ts";
import type { Plan, PlannedTask, PlanStep } from "./plan.ts";
import type { Survey } from "./survey.ts";
import { type Kinds, specOf, taskFields } from "./task-fields.ts";

const task = z.strictObject({
  ...taskFields.shape,
  /** Unique in its sequence; others name the task by it, or by its whole id. Default: its place, from 1. */
  id: z.optional(z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,30}$/))),
  name: text,
});
const sequence = z.strictObject({
  name: text,
  /** Bounds for the metrics of every task of the sequence; a task's own count before them. */
  gate: z.optional(gate),
  tasks: z.array(task).check(z.minLength(1)),
});
const phase = z.strictObject({ name: text, sequences: z.array(sequence).check(z.minLength(1)) });

/** A plan file: phases of sequences of tasks, which run one after another unless they say what they wait for. */
const planFile = z.strictObject({
  /** Where its schema is, for editors. */
  $schema: z.optional(z.string()),
  id: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
  name: text,
  /** The next edition starts so long after the last one's commit; absent: there is one edition. */
  every_seconds: z.optional(seconds),
  phases: z.array(phase).check(z.minLength(1)),
});

type Sequence = z.output<typeof sequence>;

/** The JSON Schema of a plan file, as `docs/plan.schema.json` publishes it. */
export function planSchema(): object {
  return {
    title: "fest-agents plan",
    description:
      "Phases of sequences of tasks, which run one after another unless they say what they wait for.",
    ...z.toJSONSchema(planFile, { io: "input" }),
  };
}

/** The plan in a file. @throws PlanError with file and line */
export function readPlanFile(file: string, body: string, kinds: Kinds): Plan {
  const { value, lineOf } = readYaml(file, body.replace(/^\uFEFF/, ""), planFile);
  const phases: PlanStep[] = [];
  const sequences: PlanStep[] = [];
  const tasks: PlannedTask[] = [];
  let gates = 0;
  let before: readonly string[] = [];
  for (const [phaseIndex, one] of value.phases.entries()) {
    const phaseId = `${phaseIndex + 1}`;
    phases.push({ id: phaseId, name: one.name });
    for (const [index, each] of one.sequences.entries()) {
      const id = `${phaseId}.${index + 1}`;
      sequences.push({ id, name: each.name });
      if (each.gate !== undefined) gates += 1;
      const placeOf: PlannedTask["placeOf"] = (...path) => ({
        file,
        line: lineOf("phases", phaseIndex, "sequences", index, ...path),
      });
      const planned = tasksOf(each, id, { before, kinds, placeOf });
      tasks.push(...planned);
      before = planned.slice(-1).map((last) => last.id);
    }
  }
  const everySeconds = value.every_seconds ?? null;
  return { id: value.id, name: value.name, everySeconds, phases, sequences, tasks, gates };
}

/** A plan as it stands before it was begun. */
export function surveyPlan(plan: Plan): Survey {
  const phases = plan.phases.map((phase) => ({
    ...phase,
    folder: "",
    steps: [],
    sequences: plan.sequences
      .filter(({ id }) => id.startsWith(`${phase.id}.`))
      .map((sequence) => ({
        ...sequence,
        folder: "",
        steps: plan.tasks
          .filter(({ id }) => id.startsWith(`${sequence.id}.`))
          .map(({ id, file, spec }) => ({
            id,
            name: spec.name,
            type: "task" as const,
            status: "pending" as const,
            file,
            kind: spec.kind,
            reward: spec.reward,
          })),
      })),
  }));
  return { id: plan.id, name: plan.name, phases, steps: [], oddities: [] };
}

function tasksOf(
  { tasks, gate: shared }: Sequence,
  sequenceId: string,
  { before, kinds, placeOf }: { before: readonly string[]; kinds: Kinds; placeOf: PlannedTask["placeOf"] },
): readonly PlannedTask[] {
  const ids = tasks.map(({ id }, index) => `${sequenceId}.${id ?? index + 1}`);
  const local = new Map(tasks.map(({ id }, index) => [id ?? "", ids[index] ?? ""]));
  const resolve = (reference: string): string => local.get(reference) ?? reference;
  return tasks.map(({ id: _id, name, ...fields }, index) => {
    const at: PlannedTask["placeOf"] = (...path) => placeOf("tasks", index, ...path);
    const id = ids[index] ?? "";
    const twin = ids.indexOf(id);
    if (twin < index)
      throw PlanError.at(at("id"), `its id ${id} is that of task ${twin + 1} of the sequence, too`);
    const isOrdered = fields.uses !== undefined || fields.depends_on !== undefined;
    const uses = Object.entries(fields.uses ?? {}).map(([key, reference]) => [key, resolve(reference)]);
    const previous = index === 0 ? before : [ids[index - 1] ?? ""];
    const spec = specOf(
      {
        name,
        fields,
        uses: Object.fromEntries(uses),
        dependsOn: isOrdered ? (fields.depends_on ?? []).map(resolve) : previous,
        gate: { ...shared, ...fields.gate },
        placeOf: at,
      },
      kinds,
    );
    return { id, file: placeOf().file, placeOf: at, spec };
  });
}
