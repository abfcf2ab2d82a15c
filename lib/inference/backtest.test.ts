import { describe, expect, test } from "bun:test";
import { formatUnits } from "../hedera/amount.ts";
import { STRATEGY } from "../market/allocation.ts";
import { hbarValue } from "../market/price.ts";
import { type BacktestOptions, backtest } from "./backtest.ts";
import { seriesOfCsv } from "./rate-csv.ts";
import { MAX_HOURS, prices, rateSeries } from "./rate-series.ts";
import { flatRates, realRatesCsv, syntheticRates } from "./synthetic.fixture.ts";

const HBAR = 100_000_000n;
/** What docs/trading.md describes. */
const options: BacktestOptions = {
  opening: { hbar: 10_000n * HBAR, tokens: 1_000_000_000n },
  everyHours: 1,
  strategy: STRATEGY,
  limits: {
    maxTrade: 2_500n * HBAR,
    maxPosition: 100_000n * HBAR,
    minBalance: 0n,
    maxDeviationBps: 200n,
    maxSlippageBps: 200n,
    maxSignalAgeSeconds: 300n,
    minQuoteSeconds: 5n,
  },
  desk: { hbar: 1_000_000n * HBAR, feeBps: 30n },
  networkFee: HBAR / 10n,
};
const csv = await realRatesCsv();

describe("a backtest", () => {
  const series = rateSeries(syntheticRates(600));
  const { profit, value, ...result } = backtest(series, options);

  test("books every swap: the fund's value is what the ledger would hold", () => {
    const last = prices(series).at(-1) ?? 0n;
    const start = prices(series)[MAX_HOURS - 1] ?? 0n;
    const { opening } = options;
    expect(profit.trades).toBeGreaterThan(0);
    expect(value).toBe(hbarValue(profit.inventory.hbar, last) + profit.inventory.tokens);
    expect(profit.realised + profit.unrealised).toBe(value - hbarValue(opening.hbar, start) - opening.tokens);
    expect(result).toMatchObject({ hours: 433, decisions: 433, denied: 0 });
  });

  test("looks only back: what comes later changes no trade before it", () => {
    const short = backtest(rateSeries(series.slice(0, 400)), options);
    const bent = series.map((rate, hour) =>
      hour >= 400 ? { ...rate, centEquivalent: 9 * rate.centEquivalent } : rate,
    );
    expect(backtest(rateSeries(bent.slice(0, 400)), options)).toEqual(short);
    expect(short.profit.trades).toBeLessThanOrEqual(profit.trades);
  });

  test("counts the trades that the limits deny, and moves nothing for them", () => {
    const denied = backtest(series, { ...options, desk: { ...options.desk, feeBps: 500n } });
    expect(denied.denied).toBeGreaterThan(0);
    expect(denied.profit).toMatchObject({ trades: 0, inventory: options.opening, realised: 0n });
  });

  test("of a price that never moves goes to the greatest share once and stays", () => {
    const { profit: flat } = backtest(rateSeries(flatRates(200)), {
      ...options,
      limits: { ...options.limits, maxTrade: 100_000n * HBAR },
    });
    expect(flat.trades).toBe(1);
    expect(flat.inventory.hbar).toBeGreaterThan(options.opening.hbar);
  });
});

describe.skipIf(csv === null)("on the real rates of July to November 2025", () => {
  // Where the file is absent this is not run, but still has to be described.
  const series = csv === null ? rateSeries(flatRates(MAX_HOURS)) : seriesOfCsv(csv);

  test.each([1, 6, 24])(
    "deciding every %d hours, the fund moves about as much as it should",
    (everyHours) => {
      const { fundVolatility, untouchedVolatility } = backtest(series, { ...options, everyHours });
      expect(fundVolatility).toBeGreaterThan(0.25);
      expect(fundVolatility).toBeLessThan(0.375);
      expect(untouchedVolatility).toBeGreaterThan(0.5);
    },
  );

  test("docs/trading.md holds the measured figures", async () => {
    const page = await Bun.file(new URL("../../docs/trading.md", import.meta.url)).text();
    for (const everyHours of [1, 6, 24]) expect(page).toContain(row(everyHours));
  });

  function row(everyHours: number): string {
    const { decisions, profit, fundVolatility, untouchedVolatility } = backtest(series, {
      ...options,
      everyHours,
    });
    const usd = (amount: bigint) => formatUnits(amount / 10_000n, 2);
    return [
      `| ${everyHours}`,
      decisions,
      profit.trades,
      usd(profit.turnover),
      usd(profit.venueFees),
      usd(profit.networkFeesValue),
      usd(profit.net),
      usd(profit.untouched),
      `${(fundVolatility * 100).toFixed(1)}%`,
      `${(untouchedVolatility * 100).toFixed(1)}% |`,
    ].join(" | ");
  }
});
