import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import * as z from "zod/mini";
import { describeError } from "../../hedera/error.ts";
import { PlanError } from "./error.ts";

/** A YAML document of a plan, parsed, that still knows on which line each field stands. */
export interface PlanDocument<T> {
  readonly file: string;
  readonly value: T;
  lineOf(...path: readonly (string | number)[]): number;
}

const FENCE = /^---\s*$/;

/** Whether a Markdown file begins with front matter; blank lines may stand before it. */
export function hasFrontMatter(text: string): boolean {
  return beginOf(linesOf(text)) >= 0;
}

/**
 * Reads the YAML front matter of a Markdown file.
 *
 * @throws PlanError without front matter, on broken YAML, on a field that does not fit
 */
export function readFrontMatter<T>(file: string, text: string, schema: z.ZodMiniType<T>): PlanDocument<T> {
  const lines = linesOf(text);
  const begin = beginOf(lines);
  const end = begin < 0 ? -1 : lines.findIndex((line, index) => index > begin && FENCE.test(line));
  if (end < 0)
    throw new PlanError(
      file,
      1,
      "it has no front matter",
      "Begin the file with fields between two lines of ---.",
    );
  return readYaml(file, lines.slice(begin + 1, end).join("\n"), schema, begin + 1);
}

/**
 * Reads a YAML file.
 *
 * @param linesBefore how many lines of the file stand before `text`
 * @throws PlanError on broken YAML or a field that does not fit
 */
export function readYaml<T>(
  file: string,
  text: string,
  schema: z.ZodMiniType<T>,
  linesBefore = 0,
): PlanDocument<T> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const lineAt = (offset: number): number => linesBefore + Math.max(1, counter.linePos(offset).line);
  const lineOf = (...path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lineAt(node.range[0]);
    }
    return linesBefore + 1;
  };
  const [broken] = document.errors;
  if (broken)
    throw new PlanError(file, lineAt(broken.pos[0]), broken.message.split("\n")[0] ?? "broken YAML");
  const parsed = z.safeParse(schema, resolved(document, file, linesBefore + 1));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = (issue?.path ?? []).filter((step) => typeof step !== "symbol");
    throw new PlanError(
      file,
      lineOf(...path),
      `${path.join(".") || "front matter"}: ${describeIssue(issue)}`,
    );
  }
  return { file, value: parsed.data, lineOf };
}

/** zod/mini has words for few issues; a field that is misspelt deserves its name. */
function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "unrecognized_keys") return `there is no field ${issue.keys.join(", ")}`;
  return issue?.message ?? "invalid";
}

/** Aliases are resolved only here, so that one without an anchor, in a circle or without end shows only here. */
function resolved(document: Document, file: string, line: number): unknown {
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return value;
  } catch (error) {
    throw new PlanError(file, line, describeError(error), "Write the value out instead of an alias.");
  }
}

/** Where the front matter's first fence stands; below 0 if the first line that says anything is another. */
function beginOf(lines: readonly string[]): number {
  const first = lines.findIndex((line) => line.trim() !== "");
  return FENCE.test(lines[first] ?? "") ? first : -1;
}

function linesOf(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, "").split(/\r?\n/);
}
