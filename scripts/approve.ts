/** The owner approves a large payment: checks the schedule that waits, signs it, and says so. */
import { formatTimestamp } from "../lib/hedera/timestamp.ts";
import { toJson } from "../lib/hedera/to-json.ts";
import { answer } from "./support/answer.ts";
import { approvePayment } from "./support/approval.ts";
import { commandLine } from "./support/command-line.ts";
import { Owner } from "./support/owner.ts";

const command = commandLine("approve", "bun --env-file=.fest/state/owner.env run approve 3.1.1")
  .description(
    "Signs the payment of a task whose reward waits for the owner. " +
      "Needs the owner's environment: bun --env-file=.../owner.env run approve TASK",
  )
  .argument("<task>", "the task's id, such as 1.1.2")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .parse();
const options = command.opts<{ json?: true; log?: string }>();
const [id = ""] = command.args;

await answer("approve", options.json, async () => {
  const { sequence, schedule, amount, expires } = await approvePayment(Owner.open(options.log), id);
  return options.json
    ? toJson({
        task_id: id,
        sequence,
        schedule_id: schedule,
        amount,
        expires: formatTimestamp(expires),
      })
    : `signed ${schedule}: ${amount} tokens for task ${id}; entry #${sequence} says so`;
});
