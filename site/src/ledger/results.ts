import * as z from "zod/mini";
import type { Entry } from "../../../lib/festival/entry/entry.ts";
import type { State, TaskOutcome } from "../../../lib/festival/state.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";

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

/** The outputs that have this shape, each with the result that it came in; all others are left out. */
export function outputsOf<T>(
  results: readonly ResultRecord[],
  schema: z.ZodMiniType<T>,
): readonly { readonly result: ResultRecord; readonly output: T }[] {
  return results.flatMap((result) => {
    const parsed = z.safeParse(schema, result.payload.output);
    return parsed.success ? [{ result, output: parsed.data }] : [];
  });
}
