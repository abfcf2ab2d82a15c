import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { toJson } from "../../hedera/to-json.ts";
import type { Body } from "../entry/entry.ts";

/** A step of the outline: a phase, or a sequence whose id begins with its phase's. */
export interface PlanStep {
  readonly id: string;
  readonly name: string;
}

/** Where something of a plan is stated. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One task of a plan, as `task_planned` will say it, and where it was read. */
export interface PlannedTask {
  readonly id: string;
  readonly spec: Omit<Body<"task_planned">["payload"], "steps">;
  readonly file: string;
  /** Where a field is stated, for messages. */
  readonly placeOf: (...path: readonly (string | number)[]) => Place;
}

/** A festival's plan: what people bring, whatever the format it came in. */
export interface Plan {
  readonly id: string;
  readonly name: string;
  /** Seconds from one edition's commit to the next edition; null: one edition only. */
  readonly everySeconds: number | null;
  readonly phases: readonly PlanStep[];
  readonly sequences: readonly PlanStep[];
  /** In plan order. */
  readonly tasks: readonly PlannedTask[];
  /** How many quality gates it states. */
  readonly gates: number;
}

/** SHA-256 over everything in a plan that its entries will say, in hex. */
export function planHash(plan: Plan): string {
  const { id, name, everySeconds, phases, sequences } = plan;
  const tasks = plan.tasks.map((task) => ({ id: task.id, spec: task.spec }));
  const text = toJson({ id, name, everySeconds, phases, sequences, tasks });
  return bytesToHex(sha256(utf8ToBytes(text)));
}
