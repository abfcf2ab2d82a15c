/** `review`: the audit of the edition that it belongs to. */
import { agentsOf } from "../../festival/roles.ts";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { review } from "../../inference/kinds/review.ts";
import { beganAt, type WorkContext, WorkError } from "./context.ts";
import { feesBetween } from "./fees.ts";

/** Reviews the edition as it stood when the review was assigned. @throws MirrorError */
export async function reviewWork({ state, task, mirror }: WorkContext): Promise<KindResult> {
  const { edition } = state;
  if (edition === null) throw new WorkError("EDITION_MISSING", "there is no edition to review");
  const at = beganAt(task);
  const agents = [];
  for (const { id, account } of agentsOf(state)) {
    const fees = await feesBetween(mirror, [account], edition.started, at);
    agents.push({ agent: id, fees: String(fees) });
  }
  return review.run({
    self: task.id,
    edition: edition.number,
    started: formatTimestamp(edition.started),
    at: formatTimestamp(at),
    tasks: [...edition.tasks.values()].map((one) => ({
      task_id: one.id,
      state: one.state,
      agent: one.agent,
      attempt: one.attempt,
      missed: one.missed,
      changed: formatTimestamp(one.changed),
      ...(one.result?.payload.duration_ms === undefined
        ? {}
        : { duration_ms: one.result.payload.duration_ms }),
      ...(one.payment === null ? {} : { paid: String(one.payment.amount) }),
    })),
    agents,
  });
}
