/** Reads a festival on disk, as the fest methodology lays it out, from its files' text. */
import * as z from "zod/mini";
import { amount, seconds, text } from "../entry/field.ts";
import { gate } from "../entry/plan.ts";
import { hasFrontMatter, type PlanDocument, readFrontMatter, readYaml } from "./document.ts";
import { PlanError } from "./error.ts";
import type { Plan, PlannedTask, PlanStep } from "./plan.ts";

/** What a task earns whose front matter does not say, in token units. */
const DEFAULT_REWARD = 100n;

/** A kind of task that somebody can do, and the role that does it. */
export type Kinds = ReadonlyMap<string, string>;

const festivalFile = z.object({
  metadata: z.object({ id: text, name: text }),
  /** Ours: the next edition starts so long after the last one's commit. */
  recurrence: z.optional(z.object({ every_seconds: seconds })),
});

const reward = z.pipe(
  z.pipe(
    z.union([z.int(), z.string()]),
    z.transform((value) => String(value)),
  ),
  amount,
);
const name = z.object({ fest_name: z.optional(text) });
const taskFile = z.object({
  fest_type: z.literal("task"),
  fest_name: z.optional(text),
  kind: z.string(),
  agent: z.optional(z.string()),
  input: z.optional(z.record(z.string(), z.unknown())),
  uses: z.optional(z.record(z.string(), z.string())),
  depends_on: z.optional(z.array(z.string())),
  reward: z.optional(reward),
  gate: z.optional(gate),
  lease_seconds: z.optional(seconds),
  deadline_seconds: z.optional(seconds),
});
const gateFile = z.object({
  fest_type: z.literal("gate"),
  /** Kinds of task that the bounds are for; absent: every task of the sequence. */
  applies_to: z.optional(z.array(z.string())),
  gate: z.optional(gate),
});
const stepFile = z.object({ fest_type: z.string() });

type TaskFile = PlanDocument<z.output<typeof taskFile>>;
type GateFile = PlanDocument<z.output<typeof gateFile>>;

const STEP = /^(\d+)_([^/.]+)$/;
const TASK = /^(\d+)_([^/]+)\.md$/;

/**
 * Reads a festival from its files: `fest.yaml`, `NNN_PHASE/PHASE_GOAL.md`,
 * `NN_sequence/SEQUENCE_GOAL.md`, `NN_task.md` with front matter.
 *
 * A task waits for the tasks with the number before its own (equal numbers run
 * side by side), the first of a sequence for the last of the one before, unless
 * its front matter says `uses` or `depends_on`.
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

  constructor(files: ReadonlyMap<string, string>, kinds: Kinds) {
    this.#files = files;
    this.#kinds = kinds;
  }

  read(): void {
    for (const [folder, number, title] of this.#children("", STEP)) {
      const id = String(Number(number));
      this.#addStep(this.phases, folder, id, this.#nameOf(`${folder}/PHASE_GOAL.md`) ?? title);
      for (const [sequence, sequenceNumber, sequenceTitle] of this.#children(`${folder}/`, STEP)) {
        const sequenceId = `${id}.${Number(sequenceNumber)}`;
        const name = this.#nameOf(`${sequence}/SEQUENCE_GOAL.md`) ?? sequenceTitle;
        this.#addStep(this.sequences, sequence, sequenceId, name);
        this.#readSequence(sequence, sequenceId);
      }
    }
  }

  #addStep(steps: PlanStep[], folder: string, id: string, name: string): void {
    const twin = steps.find((step) => step.id === id);
    if (twin) throw new PlanError(folder, 1, `its number ${id} is that of ${JSON.stringify(twin.name)}, too`);
    steps.push({ id, name });
  }

  #readSequence(folder: string, id: string): void {
    const gates: GateFile[] = [];
    const found: { document: TaskFile; number: number }[] = [];
    for (const [file, number] of this.#children(`${folder}/`, TASK)) {
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
    for (const kind of document.value.applies_to ?? []) {
      if (!this.#kinds.has(kind)) throw this.#unknownKind(document, "applies_to", kind);
    }
    refuseEmptyBounds(document);
    return document;
  }

  #plannedTask(
    id: string,
    document: TaskFile,
    gates: readonly GateFile[],
    local: ReadonlyMap<string, string>,
  ): PlannedTask {
    const { value } = document;
    // A path may lead to another sequence, where the same file name is another task: it is not guessed.
    const resolve = (reference: string): string => local.get(reference.replace(/\.md$/, "")) ?? reference;
    refuseEmptyBounds(document);
    const uses = Object.entries(value.uses ?? {}).map(
      ([key, reference]) => [key, resolve(reference)] as const,
    );
    const stated = value.uses !== undefined || value.depends_on !== undefined;
    const dependsOn = stated ? (value.depends_on ?? []).map(resolve) : this.#before;
    const bounds = Object.assign(
      {},
      ...gates.filter((one) => applies(one, value.kind)).map((one) => one.value.gate),
      value.gate,
    );
    return {
      id,
      file: document.file,
      lineOf: document.lineOf,
      spec: {
        name: value.fest_name ?? titleOf(stemOf(document.file)),
        kind: value.kind,
        role: this.#roleOf(document),
        ...(value.input === undefined ? {} : { input: value.input }),
        ...(uses.length === 0 ? {} : { uses: Object.fromEntries(uses) }),
        ...(dependsOn.length === 0 ? {} : { depends_on: [...dependsOn] }),
        ...(Object.keys(bounds).length === 0 ? {} : { gate: bounds }),
        reward: value.reward ?? DEFAULT_REWARD,
        ...(value.lease_seconds === undefined ? {} : { lease_seconds: value.lease_seconds }),
        ...(value.deadline_seconds === undefined ? {} : { deadline_seconds: value.deadline_seconds }),
      },
    };
  }

  #roleOf(document: TaskFile): string {
    const { file, value, lineOf } = document;
    const role = this.#kinds.get(value.kind);
    if (role === undefined) throw this.#unknownKind(document, "kind", value.kind);
    if (value.agent !== undefined && value.agent !== role) {
      throw new PlanError(file, lineOf("agent"), `${value.kind} is done by ${role}, not by ${value.agent}`);
    }
    return role;
  }

  #unknownKind({ file, lineOf }: PlanDocument<unknown>, field: string, kind: string): PlanError {
    const known = [...this.#kinds.keys()].join(", ");
    return new PlanError(
      file,
      lineOf(field),
      `${JSON.stringify(kind)} is not a kind of task`,
      `Choose one of ${known}.`,
    );
  }

  /** The name that a goal states; a goal without front matter states none. */
  #nameOf(file: string): string | undefined {
    const body = this.#files.get(file);
    if (body === undefined || !hasFrontMatter(body)) return undefined;
    return readFrontMatter(file, body, name).value.fest_name;
  }

  /** The entries of a folder that match, in order, as path, number and title. */
  #children(prefix: string, pattern: RegExp): readonly (readonly [string, string, string])[] {
    const names = new Set<string>();
    for (const file of this.#files.keys()) {
      if (file.startsWith(prefix)) names.add(file.slice(prefix.length).split("/", 1)[0] ?? "");
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
    return `${sequence}.${number}${twin === 0 ? "" : lettersOf(twin)}`;
  });
}

/** 1 is `b`, 25 is `z`, 26 is `aa`. */
function lettersOf(index: number): string {
  const rest = index < 26 ? "" : lettersOf(Math.floor(index / 26) - 1);
  return rest + String.fromCharCode(97 + (index % 26));
}

function refuseEmptyBounds({ file, value, lineOf }: TaskFile | GateFile): void {
  for (const [metric, bound] of Object.entries(value.gate ?? {})) {
    if (Object.keys(bound).length > 0) continue;
    const line = lineOf("gate", metric);
    throw new PlanError(file, line, `gate.${metric} has no bound`, "State min, max, equals or one_of.");
  }
}

function applies({ value }: GateFile, kind: string): boolean {
  return value.applies_to === undefined || value.applies_to.includes(kind);
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/, "");
}

function titleOf(stem: string): string {
  const words = stem.replace(/^\d+_/, "").replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
