/** Measures: `bun run bench <what> [--json]`. Every bench ends in one JSON object. */
import { Argument, Command } from "commander";
import { describeError } from "../lib/hedera/error.ts";
import { benchAgents } from "./bench/agents.ts";
import { benchDevnet } from "./bench/devnet.ts";
import { benchInference } from "./bench/inference.ts";
import { benchSite } from "./bench/site/site.ts";

/** What can be measured, and how; a figure is reported as it is found. */
const BENCHES: Readonly<Record<string, (say: (line: string) => void) => Promise<object>>> = {
  agents: benchAgents,
  devnet: benchDevnet,
  inference: benchInference,
  site: benchSite,
};

const program = new Command("bench")
  .description("Measure, side by side in one run where two things are compared.")
  .addArgument(new Argument("<what>", "what to measure").choices(Object.keys(BENCHES)))
  .option("--json", "print nothing but the JSON object")
  .helpOption("--help", "show this")
  .parse();

try {
  const { json } = program.opts<{ json?: true }>();
  const bench = BENCHES[program.args[0] ?? ""];
  const figures = await bench?.((line) => {
    if (!json) console.log(line);
  });
  console.log(JSON.stringify(figures));
  process.exit(0);
} catch (error) {
  console.error(`bench: ${describeError(error)}`);
  process.exit(1);
}
