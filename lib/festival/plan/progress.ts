/** Reads `.fest/progress_events.jsonl`, where fest keeps what happened to a task; front matter may know less. */
import * as z from "zod/mini";
import type { Oddity, StepStatus } from "./survey.ts";

/** Where fest keeps its events, relative to the festival's folder. */
export const PROGRESS_FILE = ".fest/progress_events.jsonl";

/** The last thing that fest noted of a task. */
export interface Progress {
  readonly status: StepStatus;
  /** Milliseconds since 1970; null if the event says none that can be read. */
  readonly at: number | null;
}

const schema = z.object({
  ts: z.optional(z.string()),
  event: z.string(),
  task: z.optional(z.string()),
});

/** What an event makes of its task; events that are not listed leave it as it was. */
const STATUS_AFTER: Readonly<Record<string, StepStatus>> = {
  started: "in_progress",
  progress: "in_progress",
  unblocked: "in_progress",
  blocked: "blocked",
  completed: "completed",
  failed: "failed",
  reset: "pending",
};

/**
 * The last state of every task that the events name, by its path without `.md`.
 * A line that is no event is told of and left out: fest may have been killed
 * while it wrote the last one.
 */
export function readProgress(text: string): {
  readonly progress: ReadonlyMap<string, Progress>;
  readonly oddities: readonly Oddity[];
} {
  const progress = new Map<string, Progress>();
  const oddities: Oddity[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const event = parseEvent(line);
    if (event === null) {
      oddities.push({ file: PROGRESS_FILE, line: index + 1, problem: "it is no event" });
      continue;
    }
    const status = Object.hasOwn(STATUS_AFTER, event.event) ? STATUS_AFTER[event.event] : undefined;
    if (event.task === undefined || status === undefined) continue;
    const at = Date.parse(event.ts ?? "");
    progress.set(keyOf(event.task), { status, at: Number.isNaN(at) ? null : at });
  }
  return { progress, oddities };
}

/** The last event of a file; older festivals noted absolute local paths. */
export function progressOf(progress: ReadonlyMap<string, Progress>, file: string): Progress | undefined {
  const key = keyOf(file);
  const found = progress.get(key);
  if (found !== undefined) return found;
  for (const [path, one] of progress) if (path.endsWith(`/${key}`)) return one;
  return undefined;
}

/**
 * What front matter and events say together: the event counts, unless the front
 * matter says that the task is done and was written later.
 */
export function mergeStatus(
  stated: StepStatus,
  updated: string | undefined,
  event: Progress | undefined,
): StepStatus {
  if (event === undefined) return stated;
  if (stated !== "completed" || event.status === "completed") return event.status;
  const at = Date.parse(updated ?? "");
  return event.at !== null && at > event.at ? stated : event.status;
}

function parseEvent(line: string): z.output<typeof schema> | null {
  try {
    const parsed = z.safeParse(schema, JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function keyOf(path: string): string {
  return path.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\.md$/i, "");
}
