/** The owner wants a task no more. */
import { toJson } from "../lib/hedera/to-json.ts";
import { answer } from "./support/answer.ts";
import { commandLine, words } from "./support/command-line.ts";
import { Owner } from "./support/owner.ts";
import { withdrawTask } from "./support/tasks.ts";

const command = commandLine(
  "withdraw",
  "bun --env-file=.fest/state/owner.env run withdraw 1.1.2 --reason 'not needed any more'",
)
  .description(
    "Takes a task out of the edition at work, unless its result is in. " +
      "Needs the owner's environment: bun --env-file=.../owner.env run withdraw TASK",
  )
  .argument("<task>", "the task's id, such as 1.1.2")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--reason <text>", "why, for everybody to read; at most 150 letters", words(150))
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .parse();
const options = command.opts<{ json?: true; reason?: string; log?: string }>();
const [task_id = ""] = command.args;

await answer("withdraw", options.json, async () => {
  const { sequence } = await withdrawTask(Owner.open(options.log), task_id, options.reason);
  return options.json ? toJson({ task_id, sequence }) : `entry #${sequence} withdraws task ${task_id}`;
});
