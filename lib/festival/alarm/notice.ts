import * as z from "zod/mini";
import type { Timestamp } from "../../hedera/timestamp.ts";
import { timestamp } from "../entry/field.ts";
import { ALARMS, type Alarm, type AlarmName, alarmKey } from "./alarm.ts";

/** Something to tell a person: an alarm that begins, or one that is over. */
export interface Notice extends Alarm {
  readonly kind: "firing" | "recovered";
  /** When the alarm was seen first. */
  readonly since: Timestamp;
  readonly at: Timestamp;
}

const names: readonly string[] = Object.keys(ALARMS);
const firing = z.object({
  name: z.custom<AlarmName>((value) => typeof value === "string" && names.includes(value)),
  about: z.string(),
  severity: z.enum(["critical", "warning"]),
  message: z.string(),
  since: timestamp,
});

/** What a watcher keeps between two looks; it may be deleted, and then what fires is told once more. */
export const memorySchema = z.object({
  v: z.literal(1),
  /** What was told and is not over, by its key. */
  firing: z.record(z.string(), firing),
  /** Looks in a row that failed. */
  failures: z.int(),
  /** The last message of the log that was seen: a log does not change. */
  seen: z.optional(z.object({ log: z.string(), sequence: z.int(), running_hash: z.string() })),
});

/** See {@link memorySchema}. */
export type Memory = z.output<typeof memorySchema>;

/** What is known before the first look. */
export const NO_MEMORY: Memory = { v: 1, firing: {}, failures: 0 };

/**
 * What a look is worth telling, given what was told before: each alarm once when
 * it begins, again only when it becomes graver, and once when it is over.
 */
export function noticesOf(
  { firing: before }: Pick<Memory, "firing">,
  alarms: readonly Alarm[],
  now: Timestamp,
): readonly Notice[] {
  const active = new Map(alarms.map((one) => [alarmKey(one), one]));
  const begun = [...active].flatMap(([key, one]): readonly Notice[] => {
    const known = before[key];
    const graver = known?.severity === "warning" && one.severity === "critical";
    if (known !== undefined && !graver) return [];
    return [{ ...one, kind: "firing", since: known?.since ?? now, at: now }];
  });
  const over = Object.entries(before).flatMap(([key, one]): readonly Notice[] =>
    active.has(key) ? [] : [{ ...one, kind: "recovered", at: now }],
  );
  return [...begun, ...over];
}

/** What is remembered after these notices were told, and no others. */
export function remember(
  { firing: before }: Pick<Memory, "firing">,
  told: readonly Notice[],
): Memory["firing"] {
  const after = { ...before };
  for (const { kind, at: _, ...one } of told) {
    if (kind === "firing") after[alarmKey(one)] = one;
    else delete after[alarmKey(one)];
  }
  return after;
}

/** A memory as the text of its file. */
export function writeMemory(memory: Memory): string {
  return `${JSON.stringify(z.encode(memorySchema, memory), null, 2)}\n`;
}
