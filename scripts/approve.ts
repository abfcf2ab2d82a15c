/** The owner approves a large payment: checks the schedule that waits, signs it, and says so. */
import { Command } from "commander";
import { describeError } from "../lib/hedera/error.ts";
import { formatTimestamp } from "../lib/hedera/timestamp.ts";
import { approvePayment } from "./support/approval.ts";
import { Owner } from "./support/owner.ts";
import { errorJson, toJson } from "./support/plan-report.ts";

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
  const { sequence, schedule, amount, expires } = await approvePayment(Owner.open(options.log), id);
  console.log(
    options.json
      ? toJson({
          task_id: id,
          sequence,
          schedule_id: schedule,
          amount,
          expires: formatTimestamp(expires),
        })
      : `signed ${schedule}: ${amount} tokens for task ${id}; entry #${sequence} says so`,
  );
  process.exit(0);
} catch (error) {
  if (options.json) console.log(errorJson(error));
  console.error(`approve: ${describeError(error)}`);
  process.exit(1);
}
