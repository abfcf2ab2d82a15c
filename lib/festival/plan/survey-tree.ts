/** Surveys a festival on disk as it is, also where it could not be run: every habit that fest has had. */
import * as z from "zod/mini";
import { hasFrontMatter, readFrontMatter, readYaml } from "./document.ts";
import { PlanError } from "./error.ts";
import { mergeStatus, PROGRESS_FILE, type Progress, progressOf, readProgress } from "./progress.ts";
import { type Oddity, type Survey, type SurveyPhase, type SurveyStep, statusOf } from "./survey.ts";

const word = z.pipe(
  z.union([z.string(), z.number(), z.boolean()]),
  z.transform((value) => String(value)),
);
const loose = z.catch(z.optional(word), undefined);
const marks = z.object({
  fest_type: loose,
  fest_id: loose,
  fest_name: loose,
  fest_status: loose,
  fest_updated: loose,
  kind: loose,
  reward: loose,
});
const festivalFile = z.object({
  metadata: z.catch(z.optional(z.object({ id: loose, name: loose })), undefined),
  id: loose,
  name: loose,
});

/** A folder whose name has a number, and what names the step: `003_EXECUTE`, `01-alpha`. */
const NUMBERED = /^(\d+)[_\-. ](.+)$/;
/** Folders that hold templates of steps and no steps. */
const TEMPLATES = new Set(["gates", "templates", "node_modules"]);
/** Files that say what the festival as a whole is, where `fest.yaml` does not. */
const GOALS = ["FESTIVAL_GOAL.md", "FESTIVAL_OVERVIEW.md"] as const;

type Marks = z.output<typeof marks>;
type Step = SurveyStep & { readonly number: number };
interface Folder {
  readonly path: string;
  readonly number: number;
  readonly title: string;
}

/**
 * Surveys a festival from its files. Tasks and gates are what front matter marks
 * as `fest_type: task` and `fest_type: gate`, wherever in a phase they stand;
 * nothing is guessed from a name. Templates of gates (`gates/`) are no gates.
 *
 * @param files text by path relative to the festival's folder, with `/`; empty for those that aren't text
 * @param folder the folder's own name, for a festival that nothing names
 * @throws PlanError with file and line, where front matter is broken or there is no festival
 */
export function surveyFestivalTree(files: ReadonlyMap<string, string>, folder: string): Survey {
  return new Surveyor(files).survey(folder);
}

class Surveyor {
  readonly #files: ReadonlyMap<string, string>;
  readonly #oddities: Oddity[] = [];
  readonly #progress: ReadonlyMap<string, Progress>;

  constructor(files: ReadonlyMap<string, string>) {
    this.#files = new Map([...files].filter(([path]) => !isApart(path)));
    const { progress, oddities } = readProgress(files.get(PROGRESS_FILE) ?? "");
    this.#progress = progress;
    this.#oddities.push(...oddities);
  }

  survey(folder: string): Survey {
    const folders = this.#folders("", "PHASE_GOAL.md");
    const named = this.#nameFestival(folder, folders.length > 0);
    const ids = idsOf(folders, "");
    const phases = folders.map((phase, index) => this.#phase(phase, ids[index] ?? ""));
    const inPhases = new Set(folders.map(({ path }) => path));
    const rest = this.#steps("", "0", (path) => !inPhases.has(path.split("/", 1)[0] ?? ""));
    return { ...named, phases, steps: rest, oddities: this.#oddities };
  }

  #nameFestival(folder: string, hasPhases: boolean): { id: string; name: string } {
    const root = this.#files.get("fest.yaml") ?? this.#files.get("fest.yml");
    const stated = root === undefined ? undefined : readYaml("fest.yaml", root, festivalFile).value;
    const goals = GOALS.flatMap((file) => this.#marks(file) ?? []);
    if (stated === undefined && goals.length === 0 && !hasPhases) {
      throw new PlanError(
        "fest.yaml",
        1,
        "the festival has no fest.yaml, and no phase",
        "Name the folder that has one.",
      );
    }
    if (stated === undefined) {
      this.#oddities.push({ file: "fest.yaml", line: 1, problem: "the festival has no fest.yaml" });
    }
    const id = stated?.metadata?.id ?? stated?.id ?? goals.find(({ fest_id }) => fest_id)?.fest_id;
    const name =
      stated?.metadata?.name ?? stated?.name ?? goals.find(({ fest_name }) => fest_name)?.fest_name;
    return { id: id ?? name ?? folder, name: name ?? id ?? folder };
  }

  #phase(phase: Folder, id: string): SurveyPhase {
    const folders = this.#folders(`${phase.path}/`, "SEQUENCE_GOAL.md");
    const ids = idsOf(folders, `${id}.`);
    const sequences = folders.map((sequence, index) => {
      const sequenceId = ids[index] ?? "";
      return {
        id: sequenceId,
        name: this.#marks(`${sequence.path}/SEQUENCE_GOAL.md`)?.fest_name ?? sequence.title,
        folder: sequence.path,
        steps: this.#steps(`${sequence.path}/`, sequenceId, () => true),
      };
    });
    const inSequences = folders.map(({ path }) => `${path}/`);
    const steps = this.#steps(
      `${phase.path}/`,
      `${id}.0`,
      (path) => !inSequences.some((prefix) => path.startsWith(prefix)),
    );
    const name = this.#marks(`${phase.path}/PHASE_GOAL.md`)?.fest_name ?? phase.title;
    return { id, name, folder: phase.path, sequences, steps };
  }

  /** The steps below a folder that are wanted, by number and then by name. */
  #steps(prefix: string, parent: string, wanted: (path: string) => boolean): readonly SurveyStep[] {
    const found: Step[] = [];
    for (const path of this.#files.keys()) {
      if (!path.startsWith(prefix) || !/\.(md|markdown)$/i.test(path) || !wanted(path)) continue;
      const step = this.#step(path);
      if (step !== null) found.push(step);
    }
    found.sort((a, b) => a.number - b.number || (a.file < b.file ? -1 : 1));
    // Tasks get the ids that they have as a plan, whatever gates stand between them.
    const ranked = [
      ...found.filter(({ type }) => type === "task"),
      ...found.filter(({ type }) => type === "gate"),
    ];
    const ids = idsOf(ranked, `${parent}.`);
    return found.map(({ number: _number, ...step }) => ({
      ...step,
      id: ids[ranked.findIndex(({ file }) => file === step.file)] ?? "",
    }));
  }

  #step(file: string): Step | null {
    const stated = this.#marks(file);
    const base = file.slice(file.lastIndexOf("/") + 1).replace(/\.(md|markdown)$/i, "");
    const numbered = NUMBERED.exec(base);
    const type = stated?.fest_type?.trim().toLowerCase();
    if (stated === null || (type !== "task" && type !== "gate")) {
      const [, sequence = "", ...rest] = file.split("/");
      if (numbered && rest.length === 1 && NUMBERED.test(sequence) && stated === null) {
        this.#oddities.push({ file, line: 1, problem: "it has no front matter: neither task nor gate" });
      }
      return null;
    }
    const event = progressOf(this.#progress, file);
    return {
      id: "",
      name: stated.fest_name ?? titleOf(numbered?.[2] ?? base),
      type,
      status: mergeStatus(statusOf(stated.fest_status), stated.fest_updated, event),
      file,
      ...(stated.kind === undefined ? {} : { kind: stated.kind }),
      ...(/^\d{1,19}$/.test(stated.reward ?? "") ? { reward: BigInt(stated.reward ?? 0) } : {}),
      number: numbered ? Number(numbered[1]) : Number.MAX_SAFE_INTEGER,
    };
  }

  /** What a file's front matter marks; null without any. Prose whose first line is a rule is no front matter. */
  #marks(file: string): Marks | null {
    const body = this.#files.get(file);
    if (body === undefined || !hasFrontMatter(body)) return null;
    try {
      return readFrontMatter(file, body, marks).value;
    } catch (error) {
      if (error instanceof PlanError && !/^\s*fest_\w+\s*:/m.test(body)) return null;
      throw error;
    }
  }

  /** The folders right below a prefix that have a number in their name, or a goal in them. */
  #folders(prefix: string, goal: string): readonly Folder[] {
    const names = new Set<string>();
    for (const path of this.#files.keys()) {
      const rest = path.startsWith(prefix) ? path.slice(prefix.length) : "";
      const slash = rest.indexOf("/");
      if (slash > 0) names.add(rest.slice(0, slash));
    }
    const found = [...names].toSorted().flatMap((name) => {
      const numbered = NUMBERED.exec(name);
      const path = prefix + name;
      if (!numbered && !this.#files.has(`${path}/${goal}`)) return [];
      const number = numbered ? Number(numbered[1]) : Number.MAX_SAFE_INTEGER;
      return [{ path, number, title: titleOf(numbered?.[2] ?? name) }];
    });
    return found.toSorted((a, b) => a.number - b.number);
  }
}

/** Whether a path lies in a hidden folder, or in one of templates. */
function isApart(path: string): boolean {
  const folders = path.split("/").slice(0, -1);
  return folders.some((name) => name.startsWith(".") || TEMPLATES.has(name.toLowerCase()));
}

/** Numbers as ids, told apart by a letter where two are the same; a step without a number goes by its place. */
function idsOf(steps: readonly { readonly number: number }[], prefix: string): readonly string[] {
  const taken = new Set<string>();
  return steps.map(({ number }, index) => {
    const own = `${prefix}${number === Number.MAX_SAFE_INTEGER ? `x${index + 1}` : number}`;
    let id = own;
    for (let twin = 1; taken.has(id); twin++) id = own + letters(twin);
    taken.add(id);
    return id;
  });
}

/** 1 is `b`, 25 is `z`, 26 is `aa`. */
export function letters(index: number): string {
  const rest = index < 26 ? "" : letters(Math.floor(index / 26) - 1);
  return rest + String.fromCharCode(97 + (index % 26));
}

/** A title from a file's or folder's name. */
export function titleOf(stem: string): string {
  const words = stem.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
