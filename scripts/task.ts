/** Manual tasks: which wait for the owner, and the owner's word that one is done. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Body } from "../lib/festival/entry/entry.ts";
import { FestError } from "../lib/hedera/error.ts";
import { toJson } from "../lib/hedera/to-json.ts";
import { answer } from "./support/answer.ts";
import { commandLine } from "./support/command-line.ts";
import { readLogState } from "./support/log-state.ts";
import { Owner } from "./support/owner.ts";
import { answerTask, waitingTasks } from "./support/tasks.ts";

type Metrics = NonNullable<Body<"task_result">["payload"]["metrics"]>;
interface Options {
  readonly json?: true;
  readonly log?: string;
  readonly mirror?: string;
  readonly evidence?: string;
  readonly metric?: readonly string[];
  readonly note?: string;
  readonly failed?: true;
}

const program = commandLine(
  "task",
  "bun run task list --log 0.0.1012 --mirror http://127.0.0.1:5551",
  "bun --env-file=.fest/state/owner.env run task done 1.1.2 --evidence report.pdf",
).description("Manual tasks, which wait for a person.");
const command = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option("--json", "print one JSON object on stdout, and nothing else")
    .option("--log <topic>", "the festival's log; default FEST_LOG");
command("list", "The tasks that wait for the owner now, with what their gates ask for.")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .action((options: Options) =>
    answer("task", options.json, async () => {
      const tasks = waitingTasks(await readLogState(options));
      if (options.json)
        return toJson({ tasks: tasks.map(({ id, spec, attempt }) => ({ id, attempt, ...spec })) });
      const lines = tasks.map(
        ({ id, spec }) => `${id} ${spec.name}, ${spec.reward} tokens${gateOf(spec.gate)}`,
      );
      return lines.join("\n") || "no task waits for you";
    }),
  );

command(
  "done",
  "Says that a manual task is done, with the hash of the evidence. It is judged by its gate, and paid to the owner. " +
    "Needs the owner's environment: bun --env-file=.../owner.env run task done ID --evidence FILE",
)
  .argument("<task>", "the task's id, such as 1.1.2")
  .requiredOption(
    "--evidence <file>",
    "what shows that it is done; its name, size and SHA-256 go on the ledger",
  )
  .option("--metric <name=value...>", "what the gate asks for, such as pages=3")
  .option("--note <text>", "a word about it, at most 200 letters")
  .option("--failed", "it cannot be done: says so instead")
  .action((id: string, options: Options) =>
    answer("task", options.json, async () => {
      const evidence = await evidenceOf(options.evidence ?? "");
      const owner = Owner.open(options.log);
      try {
        const metrics = metricsOf(options.metric ?? []);
        const { note } = options;
        const payload: Body<"task_result">["payload"] = {
          status: options.failed ? "failed" : "completed",
          output: { evidence, ...(note === undefined ? {} : { note: note.slice(0, 200) }) },
          ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
          ...(options.failed ? { error: (note ?? "it cannot be done").slice(0, 200) } : {}),
        };
        const { sequence } = await answerTask(owner, id, payload);
        return options.json
          ? toJson({ task_id: id, sequence, evidence, metrics })
          : `entry #${sequence} says that task ${id} is ${payload.status}`;
      } finally {
        owner.close();
      }
    }),
  );

await program.parseAsync();

async function evidenceOf(path: string) {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new FestError("EVIDENCE_UNREADABLE", `the evidence ${JSON.stringify(path)} cannot be read`, {
      cause,
    });
  }
  const sha256 = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  return { name: basename(path).slice(0, 100), bytes: bytes.length, sha256 };
}

function metricsOf(stated: readonly string[]): Metrics {
  const metrics = stated.map((one) => {
    const [, name = "", value = ""] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (name === "") {
      throw new FestError("ARGUMENT_INVALID", `--metric ${JSON.stringify(one)} is not name=value`);
    }
    return [name, metricOf(value)] as const;
  });
  return Object.fromEntries(metrics);
}

function metricOf(text: string): Metrics[string] {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function gateOf(gate: object | undefined): string {
  return gate === undefined ? "" : `, gate: ${Object.keys(gate).join(", ")}`;
}
