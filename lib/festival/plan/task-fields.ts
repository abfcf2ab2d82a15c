/** What a plan states of a task beside its name, in whatever format; and what the task's entry makes of it. */
import * as z from "zod/mini";
import { amount, seconds } from "../entry/field.ts";
import { approvalSeconds, gate } from "../entry/plan.ts";
import { MANUAL, OWNER } from "../manual.ts";
import { PlanError } from "./error.ts";
import type { Place, PlannedTask } from "./plan.ts";

/** A kind of task that somebody can do, and the role that does it. */
export type Kinds = ReadonlyMap<string, string>;

/** What a task earns that does not say, in token units. */
const DEFAULT_REWARD = 100n;

const reward = z.pipe(
  z.pipe(
    z.union([z.int(), z.string()]),
    z.transform((value) => String(value)),
  ),
  amount,
);

/** The fields that a task can state. Without a `kind` it is manual: it waits for a person. */
export const taskFields = z.object({
  kind: z.optional(z.string()),
  /** The role that does it, or `owner`; only to have it checked against `kind`. */
  agent: z.optional(z.string()),
  input: z.optional(z.record(z.string(), z.unknown())),
  uses: z.optional(z.record(z.string(), z.string())),
  depends_on: z.optional(z.array(z.string())),
  reward: z.optional(reward),
  /** What a result earns that says `outcome: held`. */
  hold_reward: z.optional(reward),
  gate: z.optional(gate),
  lease_seconds: z.optional(seconds),
  deadline_seconds: z.optional(seconds),
  /** The owner must sign the payment, as for a reward over the manifest's limit. */
  approval: z.optional(z.literal("owner")),
  approval_seconds: z.optional(approvalSeconds),
});

/** The fields of a task, parsed. */
export type TaskFields = z.output<typeof taskFields>;

/** A task as its plan states it: what it waits for and is judged by is known. */
export interface StatedTask {
  readonly name: string;
  readonly fields: TaskFields;
  readonly uses: Readonly<Record<string, string>>;
  readonly dependsOn: readonly string[];
  readonly gate: NonNullable<TaskFields["gate"]>;
  readonly placeOf: PlannedTask["placeOf"];
}

/** What the entry of a task says. @throws PlanError for a kind that nobody does */
export function specOf(task: StatedTask, kinds: Kinds): PlannedTask["spec"] {
  const { fields, uses, dependsOn, placeOf } = task;
  refuseEmptyBounds(task.gate, placeOf);
  const { input, lease_seconds, deadline_seconds, hold_reward, approval, approval_seconds } = fields;
  return {
    name: task.name,
    kind: fields.kind ?? MANUAL,
    role: roleOf(fields, kinds, placeOf),
    ...(input === undefined ? {} : { input }),
    ...(Object.keys(uses).length === 0 ? {} : { uses }),
    ...(dependsOn.length === 0 ? {} : { depends_on: [...dependsOn] }),
    ...(Object.keys(task.gate).length === 0 ? {} : { gate: task.gate }),
    reward: fields.reward ?? DEFAULT_REWARD,
    ...(hold_reward === undefined ? {} : { hold_reward }),
    ...(lease_seconds === undefined ? {} : { lease_seconds }),
    ...(deadline_seconds === undefined ? {} : { deadline_seconds }),
    ...(approval === undefined ? {} : { approval }),
    ...(approval_seconds === undefined ? {} : { approval_seconds }),
  };
}

/** Refuses bounds that bound nothing. @throws PlanError */
export function refuseEmptyBounds(gate: TaskFields["gate"], placeOf: PlannedTask["placeOf"]): void {
  for (const [metric, bound] of Object.entries(gate ?? {})) {
    if (Object.keys(bound).length > 0) continue;
    throw PlanError.at(
      placeOf("gate", metric),
      `gate.${metric} has no bound`,
      "State min, max, equals or one_of.",
    );
  }
}

/** That nobody does tasks of a kind. */
export function unknownKind(kind: string, kinds: Kinds, place: Place): PlanError {
  const known = [...kinds.keys()].join(", ");
  return PlanError.at(place, `${JSON.stringify(kind)} is not a kind of task`, `Choose one of ${known}.`);
}

function roleOf({ kind, agent }: TaskFields, kinds: Kinds, placeOf: PlannedTask["placeOf"]): string {
  if (kind === undefined || kind === MANUAL) {
    if (agent === undefined || agent === OWNER) return OWNER;
    throw PlanError.at(
      placeOf("agent"),
      `it names the agent ${JSON.stringify(agent)} and no kind`,
      "State its kind, too, or leave both out: then it waits for a person.",
    );
  }
  const role = kinds.get(kind);
  if (role === undefined) throw unknownKind(kind, kinds, placeOf("kind"));
  if (agent !== undefined && agent !== role)
    throw PlanError.at(placeOf("agent"), `${kind} is done by ${role}, not by ${agent}`);
  return role;
}
