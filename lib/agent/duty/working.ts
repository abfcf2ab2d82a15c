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
import { provenanceFor } from "../work/provenance.ts";

type Outcome = Body<"task_result">["payload"];

/** Puts an output that no entry has room for where everybody can read it. @throws FestError if it could not be put there */
export type Publish = (bytes: Uint8Array) => Promise<NonNullable<Outcome["output_ref"]>>;

/**
 * Says that a task was begun, does it, and says what came of it.
 *
 * @param publish for outputs that are too large for an entry; without it, such a result is a failure
 */
export function working(kinds: ReadonlyMap<string, Work>, publish?: Publish): Performers {
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
    execute: (duty) => report(duty, (context) => doWork(context, kinds.get(context.task.spec.kind)), publish),
  };
}

/** Does the work of an `execute` once, and sends its result until it landed. */
export async function report(
  duty: Duty,
  work: (context: WorkContext) => Promise<KindResult>,
  publish?: Publish,
): Promise<Performed> {
  const { state, mirror, signal, obligation } = duty;
  const task = taskOf(state, obligation);
  if (task === undefined) return { kind: "wait", reason: "there is no such task" };
  const done = await duty.once("result", () => attempt(duty, { state, task, mirror, signal }, work));
  const payload = await duty.once("said", async () =>
    sayable(duty, task, await fitting(duty, task, done, publish)),
  );
  return duty.say(resultOf(duty, task, payload));
}

/** The result as it is, or with its output put elsewhere if that is what makes it too long. */
async function fitting(duty: Duty, task: Task, payload: Outcome, publish?: Publish): Promise<Outcome> {
  const { output, ...rest } = payload;
  if (
    publish === undefined ||
    output === undefined ||
    faultOf(duty, task, payload)?.code !== "ENTRY_TOO_LONG"
  ) {
    return payload;
  }
  return { ...rest, output_ref: await publish(new TextEncoder().encode(JSON.stringify(output))) };
}

/** A result that fits in no entry could never be said: it is a failure, and that can. */
function sayable(duty: Duty, task: Task, payload: Outcome): Outcome {
  const fault = faultOf(duty, task, payload);
  if (fault === null) return payload;
  const duration = payload.duration_ms === undefined ? {} : { duration_ms: payload.duration_ms };
  return { status: "failed", error: describeError(fault).slice(0, 200), ...duration };
}

function faultOf(duty: Duty, task: Task, payload: Outcome): FestError | null {
  try {
    encodeEntry(resultOf(duty, task, payload));
    return null;
  } catch (error) {
    if (!(error instanceof FestError)) throw error;
    return error;
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
async function attempt(
  duty: Duty,
  context: WorkContext,
  work: (context: WorkContext) => Promise<KindResult>,
): Promise<Outcome> {
  const begun = duty.now();
  const duration = () => Number((duty.now() - begun) / NANOS_PER_MILLI);
  try {
    const result = await work(context);
    return {
      status: "completed",
      output: { ...result.output },
      metrics: { ...result.metrics },
      duration_ms: duration(),
      provenance: provenanceFor(context, result),
    };
  } catch (error) {
    if (error instanceof MirrorError || !(error instanceof FestError)) throw error;
    return { status: "failed", error: describeError(error).slice(0, 200), duration_ms: duration() };
  }
}
