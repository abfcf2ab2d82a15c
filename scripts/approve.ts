/** The owner approves a large payment: checks the schedule that waits, signs it, and says so. */
import { Command } from "commander";
import { describeError, FestError } from "../lib/hedera/error.ts";
import { formatTimestamp } from "../lib/hedera/timestamp.ts";
import { paymentFault } from "./support/approval.ts";
import { Owner } from "./support/owner.ts";
import { errorJson, toJson } from "./support/plan-report.ts";
import { taskAtWork } from "./support/tasks.ts";

const command = new Command("approve")
  .description(
    "Signs the payment of a task whose reward waits for the owner. " +
      "Needs the owner's environment: bun --env-file=.../owner.env run approve TASK",
  )
  .argument("<task>", "the task's id, such as 1.1.2")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse();
const options = command.opts<{ json?: true; log?: string }>();
const [id = ""] = command.args;

try {
  const owner = Owner.open(options.log);
  const state = await owner.state();
  const task = taskAtWork(state, id);
  const { approval } = task;
  if (approval === null) {
    throw new FestError(
      "APPROVAL_MISSING",
      `no payment of task ${id} waits for a signature: it is ${task.state}`,
    );
  }
  const schedule = await owner.mirror.schedule(approval.schedule);
  const fault = paymentFault(state, task, schedule);
  if (fault !== null) {
    throw new FestError("APPROVAL_REFUSED", `the schedule ${approval.schedule} is not signed: ${fault}`);
  }
  if (schedule?.executed === null) await owner.perform({ kind: "scheduleSign", schedule: approval.schedule });
  const payload = { schedule_id: approval.schedule };
  const { sequence } = await owner.say({ v: 1, type: "payment_approved", task_id: task.id, payload });
  const { reward } = task.spec;
  console.log(
    options.json
      ? toJson({
          task_id: id,
          sequence,
          schedule_id: approval.schedule,
          amount: reward,
          expires: formatTimestamp(approval.expires),
        })
      : `signed ${approval.schedule}: ${reward} tokens for task ${id}; entry #${sequence} says so`,
  );
  process.exit(0);
} catch (error) {
  if (options.json) console.log(errorJson(error));
  console.error(`approve: ${describeError(error)}`);
  process.exit(1);
}
