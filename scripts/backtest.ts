/** The committed strategy on past rates, with the pool, the fee and the noise that devnet has. */
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { describeError, FestError } from "../lib/hedera/error.ts";
import { seriesOfCsv } from "../lib/inference/rate-csv.ts";
import { NOISE } from "../lib/market/noise.ts";
import { plotSvg } from "./backtest/plot.ts";
import { backtestJson, describeBacktest } from "./backtest/report.ts";
import { backtest } from "./backtest/run.ts";

interface Options {
  readonly json?: true;
  readonly rates: string;
  readonly noise: string;
  readonly strength: bigint;
  readonly sweep?: true;
  readonly plot?: string;
}

const RATES = resolve(import.meta.dir, "../../shared/data/hbar-rate.csv");

const options = new Command("backtest")
  .description(
    "Run the trading strategy over past hourly rates, against a simulated desk with a noise trader.",
  )
  .option("--rates <file>", "hour_start_timestamp,cent_equivalent,hbar_equivalent, an hour a line", RATES)
  .option("--noise <seed>", "seed of the noise trader, or off", NOISE.seed)
  .option(
    "--strength <bps>",
    "largest error of the noise trader, in basis points",
    strength,
    NOISE.strengthBps,
  )
  .option("--sweep", "also with other strengths of noise, and with none")
  .option("--plot <file>", "write a picture of it, as SVG")
  .option("--json", "print one JSON object on stdout, and nothing else")
  .helpOption("--help", "show this")
  .allowExcessArguments(false)
  .parse()
  .opts<Options>();

try {
  const noise = options.noise === "off" ? null : { seed: options.noise, strengthBps: options.strength };
  const result = backtest(seriesOfCsv(await readRates(options.rates)), noise, options.sweep === true);
  if (options.plot !== undefined) await Bun.write(options.plot, plotSvg(result.run));
  console.log(options.json ? JSON.stringify(backtestJson(result)) : describeBacktest(result));
  process.exit(0);
} catch (error) {
  console.error(`backtest: ${describeError(error)}`);
  process.exit(1);
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
