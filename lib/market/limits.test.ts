import { expect, test } from "bun:test";
import { limitsOfManifest } from "./limits.ts";

test("a manifest's limits keep their units, and slippage gets the deviation's", () => {
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
    maxSlippageBps: 150n,
    maxSignalAgeSeconds: 600n,
    minQuoteSeconds: 5n,
  });
});
