import * as z from "zod/mini";
import type { State, Task } from "../../festival/state.ts";
import { FestError } from "../../hedera/error.ts";
import type { Mirror } from "../../mirror/client.ts";

/** What the work of a task may look at: the log, and the mirror at times that the log fixes. */
export interface WorkContext {
  readonly state: State;
  readonly task: Task;
  readonly mirror: Mirror;
  readonly signal: AbortSignal;
}

/** A task that cannot be done as it was planned. */
export class WorkError extends FestError {
  override readonly name = "WorkError";
}

/** The task whose result this one uses under a name. @throws WorkError `USE_MISSING` */
export function usedTask({ state, task }: WorkContext, name: string): Task {
  const id = task.spec.uses?.[name];
  const used = id === undefined ? undefined : state.edition?.tasks.get(id);
  if (used === undefined) {
    throw new WorkError("USE_MISSING", `task ${task.id} uses no result as ${JSON.stringify(name)}`, {
      fix: `Name a task under uses.${name} in its front matter.`,
    });
  }
  return used;
}

/** The output of a task that this one uses, parsed. @throws WorkError `USE_MISSING`, `USE_INVALID` */
export function usedOutput<T>(context: WorkContext, name: string, schema: z.ZodMiniType<T>): T {
  const used = usedTask(context, name);
  const parsed = z.safeParse(schema, used.result?.payload.output);
  if (!parsed.success) {
    throw new WorkError(
      "USE_INVALID",
      `the result of task ${used.id} does not serve as ${JSON.stringify(name)}`,
    );
  }
  return parsed.data;
}

/** A whole number of the task's input. @throws WorkError `INPUT_INVALID` */
export function inputNumber({ task }: WorkContext, name: string, fallback: number): number {
  const value = task.spec.input?.[name] ?? fallback;
  if (!Number.isSafeInteger(value)) {
    throw new WorkError("INPUT_INVALID", `input.${name} of task ${task.id} is not a whole number`);
  }
  return Number(value);
}

/** The market of the manifest. @throws WorkError `MARKET_MISSING` */
export function marketOf(state: State): NonNullable<NonNullable<State["manifest"]>["market"]> {
  const market = state.manifest?.market;
  if (market === undefined) {
    throw new WorkError("MARKET_MISSING", "the manifest names no market", {
      fix: "Set the festival up with a fund.",
    });
  }
  return market;
}

/** When the current attempt began: the time at which a task's evidence is read. @throws WorkError `TASK_NOT_BEGUN` */
export function beganAt(task: Task): bigint {
  if (task.began === null) throw new WorkError("TASK_NOT_BEGUN", `task ${task.id} has not begun`);
  return task.began;
}
