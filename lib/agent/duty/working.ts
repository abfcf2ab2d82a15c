import { taskOf } from "../../festival/decision/assignment.ts";
import { type Body, encodeEntry } from "../../festival/entry/entry.ts";
import type { Task } from "../../festival/state.ts";
import { describeError, FestError } from "../../hedera/error.ts";
import { NANOS_PER_MILLI } from "../../hedera/timestamp.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { MirrorError } from "../../mirror/error.ts";
import type { Duty, Performed, Performers } from "../duty.ts";
import type { WorkContext } from "../work/context.ts";
import type { Work } from "../work/kinds.ts";

type Outcome = Body<"task_result">["payload"];

/** Says that a task was begun, does it, and says what came of it. */
export function working(kinds: ReadonlyMap<string, Work>): Performers {
  return {
    start: async (duty) => {
      const task = taskOf(duty.state, duty.obligation);
      if (task === undefined) return { kind: "wait", reason: "there is no such task" };
      return duty.say({
        v: 1,
        type: "status_update",
        re: duty.obligation.id,
        task_id: task.id,
        payload: { new_status: "in_progress" },
      });
    },
    execute: (duty) => report(duty, (context) => doWork(context, kinds.get(context.task.spec.kind))),
  };
}

/** Does the work of an `execute` once, and sends its result until it landed. */
export async function report(
  duty: Duty,
  work: (context: WorkContext) => Promise<KindResult>,
): Promise<Performed> {
  const { state, mirror, signal, obligation } = duty;
  const task = taskOf(state, obligation);
  if (task === undefined) return { kind: "wait", reason: "there is no such task" };
  const payload = await duty.once("result", async () =>
    sayable(duty, task, await attempt(duty, () => work({ state, task, mirror, signal }))),
  );
  return duty.say(resultOf(duty, task, payload));
}

/** A result that fits in no entry could never be said: it is a failure, and that can. */
function sayable(duty: Duty, task: Task, payload: Outcome): Outcome {
  try {
    encodeEntry(resultOf(duty, task, payload));
    return payload;
  } catch (error) {
    if (!(error instanceof FestError)) throw error;
    const { output: _output, metrics: _metrics, ...rest } = payload;
    return { ...rest, status: "failed", error: describeError(error).slice(0, 200) };
  }
}

function resultOf(duty: Duty, task: Task, payload: Outcome): Body<"task_result"> {
  return { v: 1, type: "task_result", re: duty.obligation.id, task_id: task.id, payload };
}

async function doWork(context: WorkContext, work: Work | undefined): Promise<KindResult> {
  if (work === undefined) {
    throw new FestError("KIND_UNKNOWN", `this agent does no ${JSON.stringify(context.task.spec.kind)}`);
  }
  return work(context);
}

/** A mirror that cannot be read is no result: it is thrown, and the work is tried again. */
async function attempt(duty: Duty, work: () => Promise<KindResult>): Promise<Outcome> {
  const begun = duty.now();
  const duration = () => Number((duty.now() - begun) / NANOS_PER_MILLI);
  try {
    const { output, metrics } = await work();
    return { status: "completed", output: { ...output }, metrics: { ...metrics }, duration_ms: duration() };
  } catch (error) {
    if (error instanceof MirrorError || !(error instanceof FestError)) throw error;
    return { status: "failed", error: describeError(error).slice(0, 200), duration_ms: duration() };
  }
}
