/** Reads a festival on disk, as the fest methodology lays it out, from its files' text. */
import * as z from "zod/mini";
import { seconds, text } from "../entry/field.ts";
import { gate } from "../entry/plan.ts";
import { MANUAL } from "../manual.ts";
import { hasFrontMatter, type PlanDocument, readFrontMatter, readYaml } from "./document.ts";
import { PlanError } from "./error.ts";
import type { Plan, PlannedTask, PlanStep } from "./plan.ts";
import { letters, titleOf } from "./survey-tree.ts";
import {
  type Kinds,
  refuseEmptyBounds,
  specOf,
  type TaskFields,
  taskFields,
  unknownKind,
} from "./task-fields.ts";

const festivalFile = z.object({
  metadata: z.object({ id: text, name: text }),
  /** Ours: the next edition starts so long after the last one's commit. */
  recurrence: z.optional(z.object({ every_seconds: seconds })),
});

const name = z.object({ fest_name: z.optional(text) });
const taskFile = z.extend(taskFields, { fest_type: z.literal("task"), fest_name: z.optional(text) });
const gateFile = z.object({
  fest_type: z.literal("gate"),
  /** Kinds of task that the bounds are for; absent: every task of the sequence. */
  applies_to: z.optional(z.array(z.string())),
  gate: z.optional(gate),
});
const stepFile = z.object({ fest_type: z.string() });

type TaskFile = PlanDocument<z.output<typeof taskFile>>;
type Mapping = PlanDocument<z.output<typeof mappingFile>>;
/** A path, its number and its title. */
type Child = readonly [string, string, string];
type GateFile = PlanDocument<z.output<typeof gateFile>>;

const STEP = /^(\d+)_([^/]+)$/;
/** Front matter fields of the tasks of a festival whose files don't state them: by path or id. */
const MAPPING_FILE = "fest-agents.yaml";
const mappingFile = z.object({ tasks: z.record(z.string(), taskFields) });
const TASK = /^(\d+)_([^/]+)\.md$/;

/**
 * Reads a festival from its files: `fest.yaml`, `NNN_PHASE/PHASE_GOAL.md`,
 * `NN_sequence/SEQUENCE_GOAL.md`, `NN_task.md` with front matter; tasks that
 * stand in a phase itself are its sequence 0. What the front matter leaves out,
 * `fest-agents.yaml` may state. A task of no kind is manual.
 *
 * A task waits for the tasks with the number before its own (equal numbers run
 * side by side), the first of a sequence for the last of the one before, unless
 * it says `uses` or `depends_on`.
 *
 * @param files text by path relative to the festival's folder, with `/`
 * @param kinds every kind of task that can be done
 * @throws PlanError with file and line
 */
export function readFestivalTree(files: ReadonlyMap<string, string>, kinds: Kinds): Plan {
  const root = files.get("fest.yaml");
  if (root === undefined) {
    throw new PlanError("fest.yaml", 1, "the festival has no fest.yaml", "Name the folder that has one.");
  }
  const { metadata, recurrence } = readYaml("fest.yaml", root, festivalFile).value;
  const tree = new Tree(files, kinds);
  tree.read();
  if (tree.tasks.length === 0) throw new PlanError("fest.yaml", 1, "the festival has no task");
  return {
    id: metadata.id,
    name: metadata.name,
    everySeconds: recurrence?.every_seconds ?? null,
    phases: tree.phases,
    sequences: tree.sequences,
    tasks: tree.tasks,
    gates: tree.gates,
  };
}

class Tree {
  readonly phases: PlanStep[] = [];
  readonly sequences: PlanStep[] = [];
  readonly tasks: PlannedTask[] = [];
  gates = 0;
  /** The ids that the next task waits for, if it doesn't say otherwise. */
  #before: readonly string[] = [];
  readonly #files: ReadonlyMap<string, string>;
  readonly #kinds: Kinds;
  readonly #mapping: Mapping | null;
  readonly #mapped = new Set<string>();

  constructor(files: ReadonlyMap<string, string>, kinds: Kinds) {
    this.#files = files;
    this.#kinds = kinds;
    const mapping = files.get(MAPPING_FILE);
    this.#mapping = mapping === undefined ? null : readYaml(MAPPING_FILE, mapping, mappingFile);
  }

  read(): void {
    for (const [folder, number, title] of this.#children("", STEP, true)) {
      const id = String(Number(number));
      const name = this.#nameOf(`${folder}/PHASE_GOAL.md`) ?? title;
      this.#addStep(this.phases, folder, id, name);
      const own = this.#children(`${folder}/`, TASK).filter(([file]) => this.#isMarked(file));
      if (own.length > 0) {
        this.#addStep(this.sequences, folder, `${id}.0`, name);
        this.#readSequence(own, `${id}.0`);
      }
      for (const [sequence, sequenceNumber, sequenceTitle] of this.#children(`${folder}/`, STEP, true)) {
        const sequenceId = `${id}.${Number(sequenceNumber)}`;
        const sequenceName = this.#nameOf(`${sequence}/SEQUENCE_GOAL.md`) ?? sequenceTitle;
        this.#addStep(this.sequences, sequence, sequenceId, sequenceName);
        this.#readSequence(this.#children(`${sequence}/`, TASK), sequenceId);
      }
    }
    const unknown = Object.keys(this.#mapping?.value.tasks ?? {}).find((key) => !this.#mapped.has(key));
    if (unknown === undefined) return;
    const line = this.#mapping?.lineOf("tasks", unknown) ?? 1;
    throw new PlanError(MAPPING_FILE, line, `${JSON.stringify(unknown)} is no task of the festival`);
  }

  #addStep(steps: PlanStep[], folder: string, id: string, name: string): void {
    const twin = steps.find((step) => step.id === id);
    if (twin) throw new PlanError(folder, 1, `its number ${id} is that of ${JSON.stringify(twin.name)}, too`);
    steps.push({ id, name });
  }

  #readSequence(files: readonly Child[], id: string): void {
    const gates: GateFile[] = [];
    const found: { document: TaskFile; number: number }[] = [];
    for (const [file, number] of files) {
      const body = this.#files.get(file) ?? "";
      const { fest_type: type } = readFrontMatter(file, body, stepFile).value;
      if (type === "gate") gates.push(this.#gate(file, body));
      else found.push({ document: readFrontMatter(file, body, taskFile), number: Number(number) });
    }
    this.gates += gates.length;
    const ids = idsOf(id, found);
    const local = new Map(found.map(({ document }, index) => [stemOf(document.file), ids[index] ?? ""]));
    for (const number of [...new Set(found.map((task) => task.number))]) {
      const step = found.flatMap((task, index) =>
        task.number === number ? [{ ...task, id: ids[index] ?? "" }] : [],
      );
      for (const task of step) this.tasks.push(this.#plannedTask(task.id, task.document, gates, local));
      this.#before = step.map((task) => task.id);
    }
  }

  #gate(file: string, body: string): GateFile {
    const document = readFrontMatter(file, body, gateFile);
    const placeOf = placesIn(document);
    for (const kind of document.value.applies_to ?? []) {
      if (!this.#kinds.has(kind) && kind !== MANUAL)
        throw unknownKind(kind, this.#kinds, placeOf("applies_to"));
    }
    refuseEmptyBounds(document.value.gate, placeOf);
    return document;
  }

  #plannedTask(
    id: string,
    document: TaskFile,
    gates: readonly GateFile[],
    local: ReadonlyMap<string, string>,
  ): PlannedTask {
    const { file } = document;
    const { fields: mapped, placeOf } = this.#mappedTo(id, document);
    const { fest_type: _type, fest_name: name, ...stated } = document.value;
    const fields = { ...mapped, ...stated };
    // A path may lead to another sequence, where the same file name is another task: it is not guessed.
    const resolve = (reference: string): string => local.get(reference.replace(/\.md$/, "")) ?? reference;
    const isOrdered = fields.uses !== undefined || fields.depends_on !== undefined;
    const uses = Object.entries(fields.uses ?? {}).map(([key, reference]) => [key, resolve(reference)]);
    const kind = fields.kind ?? MANUAL;
    refuseEmptyBounds(fields.gate, placeOf);
    const spec = specOf(
      {
        name: name ?? titleOf(stemOf(file).replace(/^\d+_/, "")),
        fields,
        uses: Object.fromEntries(uses),
        dependsOn: isOrdered ? (fields.depends_on ?? []).map(resolve) : this.#before,
        gate: Object.assign(
          {},
          ...gates.filter((one) => applies(one, kind)).map((one) => one.value.gate),
          fields.gate,
        ),
        placeOf,
      },
      this.#kinds,
    );
    return { id, file, placeOf, spec };
  }

  /** What the mapping states of a task, and where a field of the task is stated: in its file, or else there. */
  #mappedTo(id: string, document: TaskFile): { fields: TaskFields; placeOf: PlannedTask["placeOf"] } {
    const mapping = this.#mapping;
    const own = placesIn(document);
    const key = [document.file, document.file.replace(/\.md$/, ""), id].find((one) =>
      Object.hasOwn(mapping?.value.tasks ?? {}, one),
    );
    const fields = key === undefined ? undefined : mapping?.value.tasks[key];
    if (mapping === null || key === undefined || fields === undefined) return { fields: {}, placeOf: own };
    this.#mapped.add(key);
    const stated: Readonly<Record<string, unknown>> = document.value;
    const placeOf: PlannedTask["placeOf"] = (field, ...path) =>
      field === undefined || stated[field] !== undefined
        ? own(...(field === undefined ? [] : [field]), ...path)
        : { file: MAPPING_FILE, line: mapping.lineOf("tasks", key, field, ...path) };
    return { fields, placeOf };
  }

  #isMarked(file: string): boolean {
    const body = this.#files.get(file) ?? "";
    if (!hasFrontMatter(body)) return false;
    const { fest_type: type } = readFrontMatter(
      file,
      body,
      z.object({ fest_type: z.optional(z.string()) }),
    ).value;
    return type === "task" || type === "gate";
  }

  /** The name that a goal states; a goal without front matter states none. */
  #nameOf(file: string): string | undefined {
    const body = this.#files.get(file);
    if (body === undefined || !hasFrontMatter(body)) return undefined;
    return readFrontMatter(file, body, name).value.fest_name;
  }

  /** The entries of a folder that match, in order, as path, number and title. */
  #children(prefix: string, pattern: RegExp, isFolder = false): readonly Child[] {
    const names = new Set<string>();
    for (const file of this.#files.keys()) {
      const [first = "", ...rest] = file.startsWith(prefix) ? file.slice(prefix.length).split("/") : [];
      if (rest.length > 0 === isFolder) names.add(first);
    }
    const found = [...names].toSorted().flatMap((one) => {
      const match = pattern.exec(one);
      return match ? [[prefix + one, match[1] ?? "", titleOf(match[2] ?? "")] as const] : [];
    });
    return found.toSorted(([, a], [, b]) => Number(a) - Number(b));
  }
}

/** Ids within a sequence; tasks that share a number are told apart by a letter. */
function idsOf(sequence: string, tasks: readonly { number: number }[]): readonly string[] {
  return tasks.map(({ number }, index) => {
    const twin = tasks.slice(0, index).filter((task) => task.number === number).length;
    return `${sequence}.${number}${twin === 0 ? "" : letters(twin)}`;
  });
}

function placesIn({ file, lineOf }: PlanDocument<unknown>): PlannedTask["placeOf"] {
  return (...path) => ({ file, line: lineOf(...path) });
}

function applies({ value }: GateFile, kind: string): boolean {
  return value.applies_to === undefined || value.applies_to.includes(kind);
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/, "");
}
