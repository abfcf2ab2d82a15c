/** The committed strategy on past rates, with the pool, the fee and the noise that devnet has. */
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { FestError } from "../lib/hedera/error.ts";
import { seriesOfCsv } from "../lib/inference/rate-csv.ts";
import { NOISE } from "../lib/market/noise.ts";
import { plotSvg } from "./backtest/plot.ts";
import { backtestJson, describeBacktest } from "./backtest/report.ts";
import { backtest } from "./backtest/run.ts";
import { commandLine } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";

interface Options {
  readonly json?: true;
  readonly rates: string;
  readonly noise: string;
  readonly strength: bigint;
  readonly sweep?: true;
  readonly plot?: string;
}

const RATES = "../shared/data/hbar-rate.csv";

const options = commandLine("backtest", "bun run backtest --rates hbar-rate.csv --plot out.svg")
  .description(
    "Run the trading strategy over past hourly rates, against a simulated desk with a noise trader.",
  )
  .addOption(
    new Option(
      "--rates <file>",
      "hour_start_timestamp,cent_equivalent,hbar_equivalent, an hour a line",
    ).default(resolve(import.meta.dir, "..", RATES), RATES),
  )
  .option("--noise <seed>", "seed of the noise trader, or off", NOISE.seed)
  .addOption(
    new Option("--strength <bps>", "largest error of the noise trader, in basis points")
      .default(NOISE.strengthBps, String(NOISE.strengthBps))
      .argParser(strength),
  )
  .option("--sweep", "also with other strengths of noise, and with none")
  .option("--plot <file>", "write a picture of it, as SVG")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .parse()
  .opts<Options>();

try {
  const noise = options.noise === "off" ? null : { seed: options.noise, strengthBps: options.strength };
  const result = backtest(seriesOfCsv(await readRates(options.rates)), noise, options.sweep === true);
  if (options.plot !== undefined) await Bun.write(options.plot, plotSvg(result.run));
  console.log(options.json ? JSON.stringify(backtestJson(result)) : describeBacktest(result));
  process.exit(0);
} catch (error) {
  fail("backtest", options.json, error);
}

async function readRates(path: string): Promise<string> {
  const file = Bun.file(path);
  if (await file.exists()) return file.text();
  throw new FestError("RATES_MISSING", `there is no file of rates at ${path}`, {
    fix: "Name one with --rates.",
  });
}

function strength(text: string): bigint {
  if (!/^\d{1,4}$/.test(text))
    throw new InvalidArgumentError("It is a whole number of basis points, to 9999.");
  return BigInt(text);
}
