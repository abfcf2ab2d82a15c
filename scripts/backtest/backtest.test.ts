import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { resolve } from "node:path";
import { RATE_CSV_HEADER, seriesOfCsv } from "../../lib/inference/rate-csv.ts";
import { syntheticRates } from "../../lib/inference/synthetic.fixture.ts";
import { NOISE } from "../../lib/market/noise.ts";
import { plotSvg } from "./plot.ts";
import { sweepTable } from "./report.ts";
import { backtest } from "./run.ts";

setDefaultTimeout(120_000);

const ROOT = resolve(import.meta.dir, "../..");
const RATES = resolve(ROOT, "../shared/data/hbar-rate.csv");
const hasRates = await Bun.file(RATES).exists();

async function run(...flags: readonly string[]) {
  const argv = [process.execPath, "scripts/backtest.ts", ...flags];
  const child = Bun.spawn(argv, { cwd: ROOT, stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, err };
}

async function fileOf(name: string, text: string): Promise<string> {
  const path = resolve(process.env.TMPDIR ?? "/tmp", `${name}-${process.pid}.csv`);
  await Bun.write(path, text);
  return path;
}

function csvOf(hours: number): string {
  const lines = syntheticRates(hours).map((rate) =>
    [rate.hourStart, rate.centEquivalent, rate.hbarEquivalent].join(),
  );
  return `${[RATE_CSV_HEADER, ...lines].join("\n")}\n`;
}

describe("bun run backtest", () => {
  test("takes any file of hourly rates, and ends in one JSON object", async () => {
    const { code, out } = await run("--json", "--rates", await fileOf("rates", csvOf(400)));
    expect(code).toBe(0);
    const amount = expect.stringMatching(/^-?\d+(\.\d+)?$/);
    expect(JSON.parse(out)).toMatchObject({
      hours: 233,
      trades: expect.any(Number),
      pnl_usd: amount,
      fees_usd: amount,
      max_drawdown: amount,
      desk_pnl_usd: amount,
      hold_usd: amount,
      forecast: {
        horizon_hours: 1,
        pinball: expect.any(Number),
        pinball_random_walk: expect.any(Number),
        coverage_80: expect.any(Number),
      },
    });
  });

  test.each([
    ["no file", [], "there is no file of rates at"],
    [
      "a hole in it",
      [csvOf(300).replace(/^.*\n.*\n.*\n/, `${RATE_CSV_HEADER}\n0,1,1\n`)],
      "line 3 starts at",
    ],
    ["a row that is none", [`${csvOf(200)}x\n`], "line 202 is"],
    ["too few hours", [csvOf(168)], "168 hours are too few"],
  ])("says what is wrong where there is %s", async (_, texts, problem) => {
    const path = texts[0] === undefined ? "/nowhere/rates.csv" : await fileOf("wrong", texts[0]);
    const { code, out, err } = await run("--json", "--rates", path);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, message: expect.stringContaining(problem) });
    expect(err).toContain(problem);
  });
});

describe.skipIf(!hasRates)("on the real rates of July to November 2025", async () => {
  const series = hasRates ? seriesOfCsv(await Bun.file(RATES).text()) : null;

  test("docs/trading.md and its picture are what the committed strategy gives", async () => {
    if (series === null) return;
    const { run, sweep } = backtest(series, NOISE, true);
    expect(await Bun.file(resolve(ROOT, "docs/trading.md")).text()).toContain(sweepTable(sweep));
    expect(await Bun.file(resolve(ROOT, "docs/backtest.svg")).text()).toBe(plotSvg(run));
    const tradesOf = (strength: bigint | null) =>
      sweep.find(({ strengthBps }) => strengthBps === strength)?.run.profit.trades;
    expect(tradesOf(NOISE.strengthBps)).toBeGreaterThanOrEqual(20);
    expect([tradesOf(null), tradesOf(0n)]).toEqual([0, 0]);
  });

  test("the fund's gain by trading is the desk's loss", () => {
    if (series === null) return;
    const { profit } = backtest(series, NOISE, false).run;
    expect(profit.desk).toBe(-profit.trading);
    expect(profit.net).toBe(profit.trading + profit.untouched - profit.networkFeesValue);
  });
});
