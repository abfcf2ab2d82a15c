import { expect, test } from "bun:test";
import { limitsOfManifest } from "./limits.ts";

const all = {
  max_trade: 1n,
  max_position: 2n,
  min_balance: 3n,
  max_deviation_bps: 150,
  max_signal_age: 600,
  max_slippage_bps: 0,
  min_edge_bps: 4,
  max_spread_bps: 5,
  max_rate_age: 6,
  max_daily_volume: 7n,
  max_drawdown_bps: 8,
  max_silence: 9,
};

test("a manifest's limits keep their units, and those that it leaves out are set all the same", () => {
  expect(
    limitsOfManifest({
      max_trade: 1n,
      max_position: 2n,
      min_balance: 3n,
      max_deviation_bps: 150,
      max_signal_age: 600,
    }),
  ).toEqual({
    maxTrade: 1n,
    maxPosition: 2n,
    minBalance: 3n,
    maxDeviationBps: 150n,
    maxSlippageBps: 50n,
    minEdgeBps: 5n,
    maxSpreadBps: 1_000n,
    maxSignalAgeSeconds: 600n,
    maxRateAgeSeconds: 7_200n,
    minQuoteSeconds: 5n,
    maxDailyVolume: 1_000_000_000_000n,
    maxDrawdownBps: 1_000n,
    maxSilenceSeconds: 300n,
  });
});

test("a manifest can set every limit, to nothing too", () => {
  expect(limitsOfManifest(all)).toEqual({
    maxTrade: 1n,
    maxPosition: 2n,
    minBalance: 3n,
    maxDeviationBps: 150n,
    maxSlippageBps: 0n,
    minEdgeBps: 4n,
    maxSpreadBps: 5n,
    maxSignalAgeSeconds: 600n,
    maxRateAgeSeconds: 6n,
    minQuoteSeconds: 5n,
    maxDailyVolume: 7n,
    maxDrawdownBps: 8n,
    maxSilenceSeconds: 9n,
  });
});
