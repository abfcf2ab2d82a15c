import { taskOf } from "../../festival/decision/assignment.ts";
import { failPayment, settleTask } from "../../festival/decision/settlement.ts";
import { encodeEntry } from "../../festival/entry/entry.ts";
import { FAILURE_PART } from "../../festival/obligation.ts";
import { TRANSFER_PART } from "../../festival/rules/work.ts";
import type { Criterion, State, Task } from "../../festival/state.ts";
import type { Mirror } from "../../mirror/client.ts";
import type { Performers } from "../duty.ts";

/** What the judge reads for itself before it judges; it throws if it cannot read it. */
export type Evidence = (look: {
  state: State;
  task: Task;
  mirror: Mirror;
  signal: AbortSignal;
}) => Promise<readonly Criterion[]>;

/** Judges results, pays those that pass, and says why the others don't. */
export function settling(evidence: Evidence): Performers {
  return {
    settle: async (duty) => {
      const { state, mirror, obligation, signal } = duty;
      const task = taskOf(state, obligation);
      if (task === undefined) return { kind: "wait", reason: "there is no such task" };
      const found = await duty.once("evidence", () => evidence({ state, task, mirror, signal }));
      const settlement = settleTask(state, obligation, found, duty.id(TRANSFER_PART));
      if (settlement === null) return { kind: "wait", reason: "nobody is to be paid" };
      if (settlement.kind === "reject") return duty.say(settlement.body);
      const { body, account: to } = settlement;
      const { amount, token_id: token } = body.payload;
      const message = encodeEntry(body);
      const outcome = await duty.send({ kind: "payment", token, to, amount, topic: duty.log, message });
      if (outcome.kind !== "failed") return outcome;
      return duty.sayOrWait(
        failPayment(state, obligation, outcome.status),
        "there is no such task",
        FAILURE_PART,
      );
    },
  };
}
