/** Festivals on disk, as text, for tests of what reads them. */

import { readFestivalTree } from "../plan/fest-tree.ts";
import type { Plan } from "../plan/plan.ts";
import type { Kinds } from "../plan/task-fields.ts";

/** The kinds of task that the tests know. */
export const KINDS: Kinds = new Map([
  ["gather", "inference"],
  ["forecast", "inference"],
  ["trade", "defi"],
]);

/** The smallest `fest.yaml`. */
export const FEST = "metadata:\n  id: T1\n  name: Test\n";

/** A Markdown file with front matter. */
export function markdown(fields: string, body = "# Title\n"): string {
  return `---\n${fields.trim()}\n---\n\n${body}`;
}

/** A task's file. */
export function task(fields = ""): string {
  return markdown(`fest_type: task\nkind: gather\n${fields}`);
}

/** The path of a file in phase 1, sequence 1. */
export function first(file: string): string {
  return `001_ONE/01_alpha/${file}`;
}

/** Reads a festival whose `fest.yaml` is the smallest, unless it is given. */
export function read(files: Readonly<Record<string, string>>): Plan {
  return readFestivalTree(new Map(Object.entries({ "fest.yaml": FEST, ...files })), KINDS);
}
