/** Runs a festival for an hour and watches it from outside: `bun run soak --minutes 60`. */
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { describeError } from "../lib/hedera/error.ts";
import { reportOf } from "./soak/report.ts";
import { soak } from "./soak/soak.ts";

const options = new Command("soak")
  .description("Run one edition after another and see whether anything dies, leaks, or comes late.")
  .option("--minutes <number>", "how long", positive, 60)
  .option("--every <seconds>", "from one edition's commit to the next edition", positive, 3)
  .option("--latency <duration>", "finality and mirror lag, such as 2s; none without")
  .option(
    "--plan <folder>",
    "the festival to run",
    join(resolve(import.meta.dir, ".."), "agents/plans/hbar-desk"),
  )
  .option("--page", "watch the dashboard in a browser, too")
  .option("--json", "print nothing but the JSON object")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse()
  .opts<{ minutes: number; every: number; latency?: string; plan: string; page?: true; json?: true }>();

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());

try {
  const figures = await soak({
    minutes: options.minutes,
    planFolder: options.plan,
    everySeconds: Math.ceil(options.every),
    latency: options.latency,
    page: options.page === true,
    say: (line) => {
      if (!options.json) console.log(`  ${line}`);
    },
    signal: stopping.signal,
  });
  if (!options.json) console.log(`\n${reportOf(figures)}\n`);
  console.log(JSON.stringify(figures));
  process.exit(0);
} catch (error) {
  console.error(`soak: ${describeError(error)}`);
  process.exit(1);
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text) || value <= 0)
    throw new InvalidArgumentError("It is a number above 0.");
  return value;
}
