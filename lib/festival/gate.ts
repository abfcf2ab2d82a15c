import type { Body } from "./entry/entry.ts";
import type { Criterion, Task } from "./state.ts";

type Bound = NonNullable<Body<"task_planned">["payload"]["gate"]>[string];
type Value = NonNullable<Criterion["value"]>;

/** What judging a result came to; it passed if every criterion did. */
export interface Judgement {
  readonly passed: boolean;
  readonly criteria: readonly Criterion[];
}

/**
 * Judges the result of a task by its gate: it must be complete, every bound of
 * the gate must hold for its metrics (one that is absent does not), and so must
 * everything that was looked up elsewhere.
 *
 * @param evidence what the judge read itself: the output's schema, the transfers of a trade
 */
export function judge(task: Task, evidence: readonly Criterion[]): Judgement {
  const result = task.result?.payload;
  const completed: Criterion =
    result?.status === "completed"
      ? { name: "completed", passed: true }
      : { name: "completed", passed: false, value: result?.error ?? "no result" };
  const metrics = new Map(Object.entries(result?.metrics ?? {}));
  const bounds = Object.entries(task.spec.gate ?? {}).map(([name, bound]) =>
    check(name, metrics.get(name), bound),
  );
  const criteria = [completed, ...bounds, ...evidence];
  return { passed: criteria.every(({ passed }) => passed), criteria };
}

function check(name: string, value: Value | undefined, bound: Bound): Criterion {
  const limit = describeBound(bound);
  if (value === undefined) return { name, passed: false, limit };
  return { name, passed: holds(value, bound), value, limit };
}

function holds(value: Value, { min, max, equals, one_of }: Bound): boolean {
  if (equals !== undefined && value !== equals) return false;
  if (one_of !== undefined && !one_of.some((allowed) => allowed === value)) return false;
  if (min === undefined && max === undefined) return equals !== undefined || one_of !== undefined;
  return typeof value === "number" && value >= (min ?? value) && value <= (max ?? value);
}

/** A bound in words: `0.5..0.95`, `at most 3`, `is true`. */
export function describeBound({ min, max, equals, one_of }: Bound): string {
  if (equals !== undefined) return `is ${equals}`;
  if (one_of !== undefined) return `is ${one_of.join(" or ")}`;
  if (min !== undefined && max !== undefined) return `${min}..${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}
