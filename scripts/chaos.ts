/** Breaks festivals on purpose, by seed, and reads from the mirror whether every task was paid exactly once. */
import { playReal } from "./chaos/real.ts";
import { describeFailure, type SeedReport, summarise } from "./chaos/report.ts";
import { playSimulated } from "./chaos/seeds.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";

const options = commandLine("chaos", "bun run chaos --seeds 20")
  .description(
    "Play whole festivals while agents crash, nodes and mirrors fail and answers get lost, each by a seed. Ends in one JSON object; fails if any task was lost or paid twice.",
  )
  .requiredOption("--seeds <n>", "how many seeds to play", wholeNumber(1))
  .option("--from <seed>", "the first seed", wholeNumber(0), 0)
  .option("--real", "real processes that kill themselves, instead of virtual time")
  .option("--json", "print nothing but the JSON object on stdout")
  .parse()
  .opts<{ seeds: number; from: number; real?: true; json?: true }>();

try {
  const { seeds, from } = options;
  const begun = performance.now();
  let done = 0;
  const onSeed = (report: SeedReport) => {
    done += 1;
    if (report.problems.length > 0) console.error(describeFailure(report, again(report.seed)));
    if (options.json || (done % 50 !== 0 && !options.real)) return;
    const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
    console.log(`${done} of ${seeds} seeds after ${seconds} s`);
  };
  const range = { from, seeds, onSeed };
  const report = summarise(await (options.real ? playReal(range) : playSimulated(range)));
  console.log(JSON.stringify(report));
  process.exit(report.failed.length === 0 ? 0 : 1);
} catch (error) {
  fail("chaos", options.json, error);
}

function again(seed: number): string {
  return `bun run chaos --from ${seed} --seeds 1${options.real ? " --real" : ""}`;
}
