import { describe, expect, test } from "bun:test";
import { syntheticRates } from "../synthetic.fixture.ts";
import { forecast } from "./forecast.ts";
import { size } from "./size.ts";
import { volatility } from "./volatility.ts";

const rates = syntheticRates(168);
const forecastResult = forecast.run({ rates, horizon_hours: 6 }).output;
const input = {
  hbar: "100000000000",
  tokens: "100000000",
  // At 0.25 USD, below the network's 0.255472.
  pool: { hbar: "10000000000000", tokens: "25000000000", fee_bps: 30, others: 1 },
  reference_micro_usd: forecastResult.last_micro_usd,
  forecast: forecastResult,
  volatility: volatility.run({ rates }).output,
  limits: {
    max_trade: "50000000000",
    max_position: "900000000000",
    min_balance: "0",
    max_deviation_bps: 200,
    max_signal_age: 300,
  },
};

describe("sizing a position", () => {
  test("takes the results of other tasks as they are on the log, and gives these bytes", () => {
    expect(JSON.stringify(size.run(input))).toBe(
      '{"output":{"engine":"embedded","model":"venue-reversion","version":"1","action":"buy","hbar":"25228909626","reference_micro_usd":"255472","weight":0.718684,"target":0.624308,"reason":"the desk\'s price is 2.14% below the network\'s rate; 25228909626 of 72927410430 tinybars within the limits","price_micro_usd":"251386","spread_bps":308,"gap":-0.0214},"metrics":{"action":"buy","target":0.624308}}',
    );
  });

  test("holds, with nothing to trade, where the limits leave nothing", () => {
    const { output, metrics } = size.run({ ...input, limits: { ...input.limits, max_trade: "0" } });
    expect(output).toMatchObject({ action: "hold", hbar: "0", reason: expect.stringContaining("only 0 of") });
    expect(metrics).toMatchObject({ action: "hold" });
  });

  test("holds on a forecast of another price", () => {
    const { output } = size.run({ ...input, reference_micro_usd: "1000000" });
    expect(output).toMatchObject({
      action: "hold",
      reason: expect.stringContaining("basis points away"),
    });
  });

  test("refuses results that don't have a result's form", () => {
    for (const wrong of [{ forecast: input.volatility }, { volatility: {} }, { hbar: 5 }, { limits: {} }]) {
      expect(() => size.run({ ...input, ...wrong })).toThrow(
        expect.objectContaining({ code: "INPUT_INVALID" }),
      );
    }
  });
});
