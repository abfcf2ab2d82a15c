import * as z from "zod/mini";
import type { Entry } from "../../../lib/festival/entry/entry.ts";
import type { State, TaskOutcome } from "../../../lib/festival/state.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { once } from "./once.ts";

/** What came of one attempt at a task of any edition. */
export interface ResultRecord {
  readonly sequence: number;
  readonly timestamp: Timestamp;
  readonly edition: number;
  readonly task: string;
  /** The kind of work, such as `forecast`. */
  readonly kind: string;
  readonly agent: string;
  readonly payload: TaskOutcome["payload"];
}

/** The result that an accepted entry hands in, if it is one. */
export function resultIn(entry: Entry, { edition }: State): ResultRecord | null {
  if (entry.name !== "task_result" || edition === null) return null;
  const { task_id: id, payload } = entry.body;
  const task = edition.tasks.get(id);
  if (task === undefined) return null;
  return {
    sequence: entry.stamp.sequence,
    timestamp: entry.stamp.timestamp,
    edition: edition.number,
    task: id,
    kind: task.spec.kind,
    agent: task.agent ?? entry.stamp.payer,
    payload,
  };
}

/** A whole number that an output writes as text. */
export const whole = z.pipe(
  z.string().check(z.regex(/^-?\d{1,30}$/)),
  z.transform((text) => BigInt(text)),
);

/** An output that has a shape, and the result that it came in. */
export interface Reading<T> {
  readonly result: ResultRecord;
  readonly output: T;
}

/** Reads the outputs that have this shape, each once; all others are left out. */
export function readerOf<T>(
  schema: z.ZodMiniType<T>,
): (results: readonly ResultRecord[]) => readonly Reading<T>[] {
  const read = new WeakMap<ResultRecord, readonly Reading<T>[]>();
  const readingOf = (result: ResultRecord): readonly Reading<T>[] => {
    const known = read.get(result);
    if (known !== undefined) return known;
    const parsed = z.safeParse(schema, result.payload.output);
    const reading = parsed.success ? [{ result, output: parsed.data }] : [];
    read.set(result, reading);
    return reading;
  };
  return once((results: readonly ResultRecord[]) => results.flatMap(readingOf));
}
