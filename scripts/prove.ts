/** Writes a small file that proves what came of a task: its entries are under the root of the edition's commit. */
import { auditInclusion, proveTask } from "../lib/festival/proof/inclusion.ts";
import { networkFromEnv } from "../lib/hedera/network-env.ts";
import { createMirror } from "../lib/mirror/client.ts";
import { allItems } from "../lib/mirror/page.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { namedLog } from "./support/named.ts";
import { writeWhole } from "./support/write-whole.ts";

const command = commandLine(
  "prove",
  "bun run prove 1.1.2 --out proof.json --log 0.0.1012 --mirror http://127.0.0.1:5551",
)
  .description(
    "Prove what came of a task: result, payment and trade with their paths to the root of the edition's commit. `bun run verify --inclusion FILE` checks it without the network.",
  )
  .argument("<task>", "the task's id, such as 1.1.2")
  .requiredOption("--out <file>", "where to write the proof, JSON")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .option("--edition <n>", "which edition; default the last committed one that has the task", wholeNumber(1))
  .parse();
const options = command.opts<{
  json?: true;
  out: string;
  log?: string;
  mirror?: string;
  edition?: number;
}>();
const [taskId = ""] = command.args;

try {
  const network = networkFromEnv(process.env);
  const mirror = createMirror({ baseUrl: options.mirror ?? network.mirror });
  const topic = namedLog(options.log);
  const messages = await allItems(await mirror.topicMessages({ topic, limit: 100, order: "asc" }));
  const which = options.edition === undefined ? {} : { edition: options.edition };
  const proof = proveTask(messages, { network: network.name, taskId, ...which });
  const { ok, problems, proven, root } = auditInclusion(proof);
  await writeWhole(options.out, `${JSON.stringify(proof)}\n`);
  const { edition: number, size } = proof;
  console.log(
    options.json
      ? JSON.stringify({
          ok,
          file: options.out,
          task_id: taskId,
          edition: number,
          root,
          proven,
          size,
          problems,
        })
      : `${options.out}: ${proven.join(", ")} of task ${taskId} under the root of edition ${number}, ${root}`,
  );
  process.exit(ok ? 0 : 1);
} catch (error) {
  fail("prove", options.json, error);
}
