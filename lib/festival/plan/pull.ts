/** Brings what the ledger says back into a festival's files, as fest itself would write it. */
import type { TopicId } from "../../hedera/id.ts";
import { formatTimestamp, NANOS_PER_MILLI, type Timestamp } from "../../hedera/timestamp.ts";
import { toJson } from "../../hedera/to-json.ts";
import { formatTransactionId } from "../../hedera/transaction-id.ts";
import type { State, Task } from "../state.ts";
import { plainField, setFields } from "./front-matter.ts";
import type { Plan } from "./plan.ts";
import { PROGRESS_FILE, progressOf, readProgress } from "./progress.ts";
import { type StepStatus, type Survey, statusOf, stepsOf } from "./survey.ts";

/** What is written into a festival's folder. */
export interface Pull {
  /** New text by path; only of files that are not so already. */
  readonly files: ReadonlyMap<string, string>;
  /** The tasks that the ledger has as paid. */
  readonly completed: readonly string[];
}

interface Change {
  readonly file: string;
  readonly status: StepStatus;
  readonly at: Timestamp;
  readonly reason: string | null;
}

/**
 * What a festival's files must say so that fest shows what the log says: a
 * task's `fest_status`, the event of its last change, and a file with its
 * result and where on the ledger it is. Pulled twice, nothing changes.
 *
 * @param files the festival's text by path
 */
export function pullFrom(
  state: State,
  log: TopicId,
  festival: { readonly files: ReadonlyMap<string, string>; readonly plan: Plan; readonly survey: Survey },
): Pull {
  const { files, plan, survey } = festival;
  const tasks = state.edition?.tasks ?? new Map<string, Task>();
  const known = plan.tasks.flatMap(({ id, file }) => {
    const task = tasks.get(id);
    return task === undefined ? [] : [{ file, task }];
  });
  const changes = [...known.map(({ file, task }) => changeOf(file, task)), ...gatesPassed(survey, known)];
  const written = new Map<string, string>();
  const put = (path: string, text: string) => {
    if (files.get(path) !== text) written.set(path, text);
  };
  for (const { file, task } of known) {
    const result = resultOf(state, log, task);
    if (result !== null) put(resultPath(file), `${toJson(result, 2)}\n`);
  }
  put(PROGRESS_FILE, withEvents(files.get(PROGRESS_FILE) ?? "", changes));
  for (const { file, status, at } of changes) {
    const body = files.get(file);
    if (body === undefined || statusOf(plainField(body, "fest_status") ?? undefined) === status) continue;
    put(file, setFields(body, { fest_status: status, fest_updated: isoOf(at) }));
  }
  if (written.get(PROGRESS_FILE) === "") written.delete(PROGRESS_FILE);
  return { files: written, completed: known.flatMap(({ task }) => (task.state === "paid" ? [task.id] : [])) };
}

function changeOf(file: string, task: Task): Change {
  return {
    file,
    status: statusAfter(task),
    at: task.changed,
    reason: task.state === "failed" ? task.reason : null,
  };
}

/** In fest's words, a task that failed is one that somebody must look at. */
function statusAfter({ state }: Task): StepStatus {
  if (state === "paid") return "completed";
  if (state === "failed") return "blocked";
  return state === "pending" ? "pending" : "in_progress";
}

/** Gates are passed where every task of their folder passed them, and was paid. */
function gatesPassed(
  survey: Survey,
  known: readonly { readonly file: string; readonly task: Task }[],
): readonly Change[] {
  const byFile = new Map(known.map(({ file, task }) => [file, task]));
  const steps = stepsOf(survey);
  return steps.flatMap((gate): Change[] => {
    if (gate.type !== "gate") return [];
    const folder = folderOf(gate.file);
    const judged = steps.filter((step) => step.type === "task" && folderOf(step.file) === folder);
    const tasks = judged.map(({ file }) => byFile.get(file));
    const passed = tasks.flatMap((task) => (task?.state === "paid" ? [task.changed] : []));
    if (passed.length < judged.length) return [];
    const [at] = passed.toSorted((a, b) => Number(b - a));
    if (at === undefined) return [];
    return [{ file: gate.file, status: "completed", at, reason: null }];
  });
}

const EVENTS: Readonly<Partial<Record<StepStatus, string>>> = {
  completed: "completed",
  blocked: "blocked",
  in_progress: "started",
};

/** The events with those that are missing, each with the time that consensus gave to what it tells. */
function withEvents(text: string, changes: readonly Change[]): string {
  const { progress } = readProgress(text);
  const lines = changes.flatMap(({ file, status, at, reason }) => {
    const event = EVENTS[status];
    if (event === undefined || progressOf(progress, file)?.status === status) return [];
    const fields = { ts: isoOf(at), event, task: file, ...(reason === null ? {} : { reason }) };
    return [{ at, line: JSON.stringify(fields) }];
  });
  if (lines.length === 0) return text;
  lines.sort((a, b) => Number(a.at - b.at));
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return `${before}${lines.map(({ line }) => line).join("\n")}\n`;
}

/** A result with its references on the ledger; null before there is one. */
function resultOf({ edition }: State, log: TopicId, task: Task): object | null {
  const { result, payment } = task;
  if (result === null) return null;
  return {
    task_id: task.id,
    name: task.spec.name,
    edition: edition?.number,
    state: task.state,
    agent: task.agent,
    attempt: task.attempt,
    result: result.payload,
    criteria: task.criteria,
    ledger: {
      log,
      result: {
        sequence: result.sequence,
        timestamp: formatTimestamp(result.timestamp),
        account: result.account,
      },
      ...(payment === null
        ? {}
        : {
            payment: {
              sequence: payment.sequence,
              timestamp: formatTimestamp(payment.timestamp),
              account: payment.account,
              amount: payment.amount.toString(),
              transaction: formatTransactionId(payment.transfer),
            },
          }),
    },
  };
}

function resultPath(file: string): string {
  const folder = folderOf(file);
  const stem = file.slice(folder.length).replace(/^\//, "").replace(/\.md$/, "");
  return `${folder === "" ? "" : `${folder}/`}results/${stem}.json`;
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf("/")));
}

/** RFC 3339 in UTC, to the millisecond. */
function isoOf(time: Timestamp): string {
  return new Date(Number(time / NANOS_PER_MILLI)).toISOString();
}
