/** Measures: `bun run bench <what> [--json]`. Every bench ends in one JSON object. */
import { Argument } from "commander";
import { benchAgents } from "./bench/agents.ts";
import { benchDevnet } from "./bench/devnet.ts";
import { benchInference } from "./bench/inference.ts";
import { benchSite } from "./bench/site/site.ts";
import { commandLine } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";

/** What can be measured, and how; a figure is reported as it is found. */
const BENCHES: Readonly<Record<string, (say: (line: string) => void) => Promise<object>>> = {
  agents: benchAgents,
  devnet: benchDevnet,
  inference: benchInference,
  site: benchSite,
};

const program = commandLine("bench", "bun run bench devnet --json")
  .description("Measure, side by side in one run where two things are compared.")
  .addArgument(new Argument("<what>", "what to measure").choices(Object.keys(BENCHES)))
  .option("--json", "print nothing but the JSON object")
  .parse();

const { json } = program.opts<{ json?: true }>();

try {
  const bench = BENCHES[program.args[0] ?? ""];
  const figures = await bench?.((line) => {
    if (!json) console.log(line);
  });
  console.log(JSON.stringify(figures));
  process.exit(0);
} catch (error) {
  fail("bench", json, error);
}
