/** Why a task stands where it does: its causal chain, obligation by obligation, from the ledger alone. */
import { whyTask } from "../lib/festival/why.ts";
import { FestError } from "../lib/hedera/error.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { allItems } from "../lib/mirror/page.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { namedLog } from "./support/named.ts";
import { describeWhy, whyJson } from "./support/why-report.ts";

const command = commandLine("why", "bun run why 1.1.2 --log 0.0.1012 --mirror http://127.0.0.1:5551")
  .description(
    "The causal chain of a task: each obligation with its entry, transaction id, consensus time, verdict and links.",
  )
  .argument("<task>", "the task's id, such as 1.1.2")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .option("--edition <n>", "which edition; default the last that has the task", wholeNumber(1))
  .parse();
const options = command.opts<{ json?: true; log?: string; mirror?: string; edition?: number }>();
const [taskId = ""] = command.args;

try {
  const log = namedLog(options.log);
  const network = networkFromEnv(process.env);
  const endpoints = { ...network, mirror: options.mirror ?? network.mirror };
  const mirror = createMirror({ baseUrl: endpoints.mirror });
  const messages = await allItems(await mirror.topicMessages({ topic: log, limit: 100, order: "asc" }));
  const why = whyTask(messages, taskId, options.edition);
  if (why === null) {
    const where = options.edition === undefined ? "" : ` in edition ${options.edition}`;
    throw new FestError("TASK_UNKNOWN", `the log ${log} has no task ${JSON.stringify(taskId)}${where}`, {
      fix: "`bun run status --json` lists the tasks.",
    });
  }
  console.log(options.json ? whyJson(why, { endpoints, log }) : describeWhy(why, { endpoints, log }));
  process.exit(0);
} catch (error) {
  fail("why", options.json, error);
}
