/** Reads what `fest show --festival X --json --roadmap` prints. */
import * as z from "zod/mini";
import { readYaml } from "./document.ts";
import { PlanError } from "./error.ts";
import type { Plan, PlannedTask, PlanStep } from "./plan.ts";
import { type Survey, type SurveyPhase, type SurveySequence, statusOf } from "./survey.ts";
import { letters, titleOf } from "./survey-tree.ts";
import { type Kinds, specOf } from "./task-fields.ts";

const word = z.catch(z.optional(z.string()), undefined);
const number = z.catch(z.optional(z.int()), undefined);
const list = <T extends z.ZodMiniType>(item: T) => z.optional(z.nullable(z.array(item)));
const task = z.object({
  id: word,
  name: word,
  path: word,
  number,
  status: word,
  is_gate: z.catch(z.optional(z.boolean()), undefined),
  dependencies: z.catch(list(z.string()), undefined),
});
const sequence = z.object({
  name: word,
  path: word,
  number,
  steps: list(z.object({ number, tasks: list(task) })),
});
const phase = z.object({ name: word, path: word, number, sequences: list(sequence) });
const roadmap = z.object({
  festival: z.object({ id: word, metadata_id: word, name: word, metadata_name: word }),
  roadmap: z.object({ phases: list(phase) }),
});

type Roadmap = z.output<typeof roadmap>;
type Task = z.output<typeof task>;
interface Item {
  readonly id: string;
  readonly name: string;
  readonly task: Task;
  /** Its step within the sequence: those of one step run side by side. */
  readonly step: number;
  readonly placeOf: PlannedTask["placeOf"];
}
interface Outline {
  readonly id: string;
  readonly name: string;
  readonly phases: readonly (PlanStep & {
    readonly path: string;
    readonly sequences: readonly (PlanStep & { readonly path: string; readonly items: readonly Item[] })[];
  })[];
}

/** Whether a text is what fest prints, and not a plan file. */
export function isRoadmap(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return typeof value === "object" && value !== null && "roadmap" in value;
  } catch {
    return false;
  }
}

/**
 * The plan in a roadmap. Its tasks' own ids are local paths of some machine:
 * they are replaced by short ones, made from the numbers. Gates are not tasks,
 * and since fest does not say who does a task, every task is manual.
 *
 * @throws PlanError with file and line
 */
export function readRoadmap(file: string, text: string, kinds: Kinds): Plan {
  const outline = outlineOf(file, text);
  const sequences = outline.phases.flatMap((one) => one.sequences);
  const items = sequences.flatMap((one) => one.items);
  const byOwnId = new Map(
    items.flatMap((item) => (item.task.id === undefined ? [] : [[item.task.id, item.id]])),
  );
  let before: readonly string[] = [];
  const tasks = sequences.flatMap(({ items: steps }) =>
    [...new Set(steps.map(({ step }) => step))].flatMap((step) => {
      const side = steps.filter((item) => item.step === step && item.task.is_gate !== true);
      const planned = side.map((item): PlannedTask => {
        const stated = item.task.dependencies ?? [];
        const dependsOn = stated.length > 0 ? stated.map((id) => byOwnId.get(id) ?? id) : before;
        const { id, name, placeOf } = item;
        const spec = specOf({ name, fields: {}, uses: {}, dependsOn, gate: {}, placeOf }, kinds);
        return { id, file, placeOf, spec };
      });
      if (planned.length > 0) before = planned.map(({ id }) => id);
      return planned;
    }),
  );
  if (tasks.length === 0) throw new PlanError(file, 1, "the festival has no task");
  return {
    id: outline.id,
    name: outline.name,
    everySeconds: null,
    phases: outline.phases.map(({ id, name }) => ({ id, name })),
    sequences: sequences.map(({ id, name }) => ({ id, name })),
    tasks,
    gates: items.filter((item) => item.task.is_gate === true).length,
  };
}

/** A roadmap as it stands: what counts is each task's own status, not the sums, which fest lets go stale. */
export function surveyRoadmap(file: string, text: string): Survey {
  const outline = outlineOf(file, text);
  const phases = outline.phases.map(
    (one): SurveyPhase => ({
      id: one.id,
      name: one.name,
      folder: one.path,
      sequences: one.sequences.map(
        (each): SurveySequence => ({
          id: each.id,
          name: each.name,
          folder: each.path,
          steps: each.items.map((item) => ({
            id: item.id,
            name: item.name,
            type: item.task.is_gate === true ? "gate" : "task",
            status: statusOf(item.task.status),
            file: shortPath(item.task.path ?? item.task.id ?? item.id),
          })),
        }),
      ),
      steps: [],
    }),
  );
  return { id: outline.id, name: outline.name, phases, steps: [], oddities: [] };
}

function outlineOf(file: string, text: string): Outline {
  const { value, lineOf } = readYaml(file, text, roadmap);
  const { festival } = value;
  const id = festival.metadata_id ?? festival.id ?? festival.name ?? "festival";
  const phases = numbered(value.roadmap.phases ?? [], "").map(({ id: phaseId, of: one, index }) => ({
    id: phaseId,
    name: nameOf(one.name),
    path: shortPath(one.path ?? one.name ?? ""),
    sequences: numbered(one.sequences ?? [], `${phaseId}.`).map(
      ({ id: sequenceId, of: each, index: at }) => ({
        id: sequenceId,
        name: nameOf(each.name),
        path: shortPath(each.path ?? each.name ?? ""),
        items: itemsOf(each, sequenceId, (...path) => ({
          file,
          line: lineOf("roadmap", "phases", index, "sequences", at, ...path),
        })),
      }),
    ),
  }));
  return { id: shortPath(id), name: festival.metadata_name ?? festival.name ?? id, phases };
}

function itemsOf(
  { steps }: NonNullable<NonNullable<NonNullable<Roadmap["roadmap"]["phases"]>[number]["sequences"]>>[number],
  id: string,
  placeOf: PlannedTask["placeOf"],
): readonly Item[] {
  const found = (steps ?? []).flatMap((step, index) =>
    (step.tasks ?? []).map((one, at) => ({ number: one.number, task: one, step: index, at })),
  );
  return numbered(found, `${id}.`).map(({ id: own, of: one }) => ({
    id: own,
    name: nameOf(one.task.name),
    task: one.task,
    step: one.step,
    placeOf: () => placeOf("steps", one.step, "tasks", one.at),
  }));
}

/** Numbers as ids, or the place where there is none; twins are told apart by a letter. */
function numbered<T extends { readonly number?: number | undefined }>(
  list: readonly T[],
  prefix: string,
): readonly { readonly id: string; readonly of: T; readonly index: number }[] {
  const taken = new Set<string>();
  return list.map((one, index) => {
    const own = `${prefix}${one.number ?? index + 1}`;
    let id = own;
    for (let twin = 1; taken.has(id); twin++) id = own + letters(twin);
    taken.add(id);
    return { id, of: one, index };
  });
}

function nameOf(name: string | undefined): string {
  const stem = (name ?? "").replace(/\.md$/, "").replace(/^\d+_/, "");
  return (/[A-Z ]/.test(stem) && !/^[A-Z0-9_]+$/.test(stem) ? stem : titleOf(stem)).slice(0, 200);
}

/** The part of a path that begins with a phase's folder; of any other path, its last name. */
function shortPath(path: string): string {
  const parts = path
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "");
  const first = parts.findIndex((part) => /^\d{3}_/.test(part));
  return parts.slice(first < 0 ? -1 : first).join("/");
}
