import { describe, expect, test } from "bun:test";
import { addSeconds, timestampOf } from "../hedera/timestamp.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { NOISE } from "./noise.ts";
import { poolAt } from "./pool.ts";
import { hbarValue } from "./price.ts";
import { STRATEGY } from "./reversion.ts";
import { type KnownHour, type SimulationOptions, simulate, volumeSince } from "./simulation.ts";

const HBAR = 100_000_000n;
const opening = { hbar: 5_000n * HBAR, tokens: 1_250_000_000n };
const options: SimulationOptions = {
  opening,
  pool: poolAt(250_000n, 100_000n * HBAR, 30n),
  noise: NOISE,
  strategy: STRATEGY,
  limits: {
    ...DEFAULT_LIMITS,
    maxTrade: 2_500n * HBAR,
    maxPosition: 100_000n * HBAR,
    minBalance: 0n,
    maxDeviationBps: 500n,
    maxSignalAgeSeconds: 300n,
    minQuoteSeconds: 5n,
  },
  networkFee: HBAR / 10n,
};
/** A rate that swings by a percent and a half over two days. */
const hours = (count: number): KnownHour[] =>
  Array.from({ length: count }, (_, hour) => {
    const swing = BigInt(Math.abs((hour % 48) - 24) - 12) * 312n;
    const reference = 250_000n + swing;
    const forecast = { last: reference, q10: reference - 2_500n, q50: reference, q90: reference + 2_500n };
    return {
      at: addSeconds(timestampOf(1_700_000_000), hour * 3_600),
      reference,
      volatilityPpm: 600_000n,
      forecast,
    };
  });

describe("a simulated season", () => {
  const season = simulate(hours(300), options);
  const { profit } = season;

  test("trades with noise, and books every swap: the fund is worth what its inventory is", () => {
    expect(profit.trades).toBeGreaterThan(20);
    const last = season.hours.at(-1);
    expect(last?.fund).toBe(
      hbarValue(profit.inventory.hbar, last?.reference ?? 0n) + profit.inventory.tokens,
    );
    expect(profit.realised + profit.unrealised - profit.untouched).toBe(profit.trading);
    expect((last?.fund ?? 0n) - (last?.untouched ?? 0n) - profit.trading).toBeOneOf([0n, 1n, -1n]);
    expect(profit.networkFees).toBe(BigInt(profit.trades) * options.networkFee);
  });

  test("gains from what the noise trader and the pool lose, and from nobody else", () => {
    expect(profit.desk).toBe(-profit.trading);
    expect(profit.trading).toBeGreaterThan(0n);
  });

  test("makes no trade without noise: nobody else moves the price", () => {
    const quiet = simulate(hours(300), { ...options, noise: null });
    expect(quiet).toMatchObject({ noiseTrades: 0, denied: 0, noiseProfit: 0n });
    expect(quiet.profit).toMatchObject({ trades: 0, trading: 0n, inventory: opening });
  });

  test("makes no trade where the noise trader follows the rate exactly", () => {
    const exact = simulate(hours(300), { ...options, noise: { ...NOISE, strengthBps: 0n } });
    expect(exact.noiseTrades).toBeGreaterThan(100);
    expect(exact.profit.trades).toBe(0);
  });

  test("looks only back: what comes later changes no trade before it", () => {
    const short = simulate(hours(200), options);
    expect(season.swaps.slice(0, short.swaps.length)).toEqual([...short.swaps]);
    expect(short.swaps.length).toBeGreaterThan(0);
  });

  test("counts the trades that a limit denies, and moves nothing for them", () => {
    const denied = simulate(hours(100), { ...options, limits: { ...options.limits, maxDailyVolume: 0n } });
    expect(denied.denied).toBeGreaterThan(0);
    expect([...denied.denials]).toEqual([["volume_micro_usd", denied.denied]]);
    expect(denied.profit.inventory).toEqual(opening);
  });
});

test("the volume since a time counts the swaps after it, not at it", () => {
  const swap = (at: bigint) => ({ at, side: "buy" as const, hbar: 1n, tokens: 10n, price: 1n });
  expect(volumeSince([swap(1n), swap(2n), swap(3n)], 1n)).toBe(20n);
  expect(volumeSince([], 0n)).toBe(0n);
});
