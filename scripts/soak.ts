/** Runs a festival for an hour and watches it from outside: `bun run soak --minutes 60`. */
import { InvalidArgumentError } from "commander";
import { reportOf } from "./soak/report.ts";
import { soak } from "./soak/soak.ts";
import { commandLine, duration, planOption } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";

const options = commandLine("soak", "bun run soak --minutes 60")
  .description("Run one edition after another and see whether anything dies, leaks, or comes late.")
  .option("--minutes <number>", "how long", positive, 60)
  .option("--every <seconds>", "from one edition's commit to the next edition", positive, 3)
  .option("--latency <duration>", "finality and mirror lag, such as 2s; none without", duration)
  .addOption(planOption("the festival to run"))
  .option("--page", "watch the dashboard in a browser, too")
  .option("--json", "print nothing but the JSON object")
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
  fail("soak", options.json, error);
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text) || value <= 0)
    throw new InvalidArgumentError("It is a number above 0.");
  return value;
}
