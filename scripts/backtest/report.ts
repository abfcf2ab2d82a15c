import { formatUnits } from "../../lib/hedera/amount.ts";
import { rounded } from "../../lib/inference/exact-math.ts";
import type { Simulation } from "../../lib/market/simulation.ts";
import type { Backtest } from "./run.ts";

/** An amount of micro-USD as dollars in decimal digits. */
export function dollars(microUsd: bigint): string {
  return formatUnits(microUsd, 6);
}

/** A backtest as one JSON object: amounts are decimal strings in US dollars, `max_drawdown` a fraction. */
export function backtestJson({ noise, run, forecast, sweep }: Backtest): Readonly<Record<string, unknown>> {
  return {
    ...figuresOf(run),
    noise: noise === null ? null : { seed: noise.seed, strength_bps: Number(noise.strengthBps) },
    forecast: {
      horizon_hours: forecast.horizonHours,
      pinball: rounded(forecast.model.pinball),
      pinball_random_walk: rounded(forecast.randomWalk.pinball),
      coverage_80: rounded(forecast.model.coverage80),
    },
    ...(sweep.length === 0
      ? {}
      : {
          sweep: sweep.map(({ strengthBps, run: one }) => ({
            strength_bps: strengthBps === null ? null : Number(strengthBps),
            ...figuresOf(one),
          })),
        }),
  };
}

function figuresOf({ hours, profit, noiseTrades, noiseProfit, denied }: Simulation) {
  return {
    hours: hours.length,
    trades: profit.trades,
    pnl_usd: dollars(profit.net),
    fees_usd: dollars(profit.venueFees + profit.networkFeesValue),
    max_drawdown: formatUnits(profit.drawdown.value, 4),
    desk_pnl_usd: dollars(profit.desk),
    hold_usd: dollars(profit.untouched),
    trading_usd: dollars(profit.trading),
    realised_usd: dollars(profit.realised),
    unrealised_usd: dollars(profit.unrealised),
    venue_fees_usd: dollars(profit.venueFees),
    network_fees_usd: dollars(profit.networkFeesValue),
    turnover_usd: dollars(profit.turnover),
    sales: profit.sales,
    wins: profit.wins,
    denied,
    is_self_sustaining: profit.selfSustaining,
    noise_trades: noiseTrades,
    noise_pnl_usd: dollars(noiseProfit),
  };
}

/** Column heads of {@link sweepTable}. */
const HEAD = [
  "noise (bps)",
  "trades",
  "denied",
  "turnover",
  "venue fees",
  "network fees",
  "trading",
  "desk",
  "noise trader",
  "net",
  "holding",
  "drawdown",
];

/** Simulations side by side as a Markdown table, in US dollars. */
export function sweepTable(runs: Backtest["sweep"]): string {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [
    row(HEAD),
    row(HEAD.map(() => "---")),
    ...runs.map(({ strengthBps, run }) =>
      row([strengthBps === null ? "off" : Number(strengthBps), ...cellsOf(run)]),
    ),
  ].join("\n");
}

function cellsOf({ profit, denied, noiseProfit }: Simulation): readonly (string | number)[] {
  return [
    profit.trades,
    denied,
    cents(profit.turnover),
    cents(profit.venueFees),
    cents(profit.networkFeesValue),
    cents(profit.trading),
    cents(profit.desk),
    cents(noiseProfit),
    cents(profit.net),
    cents(profit.untouched),
    `${formatUnits(profit.drawdown.value, 2)}%`,
  ];
}

/** A backtest in words. */
export function describeBacktest({ noise, run, forecast, sweep }: Backtest): string {
  const { profit, hours, denied, noiseTrades } = run;
  const noisy =
    noise === null
      ? "no noise trader"
      : `noise ${JSON.stringify(noise.seed)}, up to ${noise.strengthBps} bps`;
  return [
    `  ${hours.length} hours, ${noisy}: ${noiseTrades} trades of the noise trader, ${profit.trades} of the fund, ${denied} denied`,
    `  trading gained ${usd(profit.trading)} before network fees, and the desk lost as much (${usd(profit.desk)})`,
    `  venue fees ${usd(profit.venueFees)} (inside the prices), network fees ${usd(profit.networkFeesValue)}`,
    `  the fund came to ${usd(profit.net)}, untouched it would have come to ${usd(profit.untouched)}`,
    `  largest drawdown ${formatUnits(profit.drawdown.value, 2)}%; ${profit.wins} of ${profit.sales} sales above cost; ` +
      `self-sustaining: ${profit.selfSustaining ? "yes" : "no"}`,
    `  forecast ${forecast.horizonHours} h: pinball ${rounded(forecast.model.pinball)} bps, random walk ` +
      `${rounded(forecast.randomWalk.pinball)} bps, ${(forecast.model.coverage80 * 100).toFixed(1)}% within the 80% interval`,
    ...(sweep.length === 0 ? [] : ["", sweepTable(sweep)]),
  ].join("\n");
}

function usd(microUsd: bigint): string {
  return `USD ${cents(microUsd)}`;
}

function cents(microUsd: bigint): string {
  return formatUnits(microUsd / 10_000n, 2);
}
