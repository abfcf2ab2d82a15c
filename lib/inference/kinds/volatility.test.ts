import { expect, test } from "bun:test";
import { syntheticRates } from "../synthetic.fixture.ts";
import { volatility } from "./volatility.ts";

test("a volatility is these bytes, on every machine", () => {
  expect(JSON.stringify(volatility.run({ rates: syntheticRates(168) }))).toBe(
    '{"output":{"engine":"embedded","model":"ewma-garch","version":"1","lambda":0.94,"hourly_ewma":0.00513417,"annual_ewma":0.480532,"hourly_plain":0.00571929,"annual_plain":0.535296,"hourly_garch":0.00561356,"annual_garch":0.525401,"garch_alpha":0.045,"garch_beta":0,"last_micro_usd":"255472","hours":168,"rates_sha256":"b8e340c46072b54ce6f58e7471fe7b63e03309c3fc964c58e89cc15e97b52217"},"metrics":{"annual_ewma":0.480532,"annual_garch":0.525401,"annual_plain":0.535296,"hours":168}}',
  );
});

test("a volatility of less than a day is refused", () => {
  expect(() => volatility.run({ rates: syntheticRates(24) })).toThrow(
    expect.objectContaining({ code: "VOLATILITY_IMPOSSIBLE" }),
  );
  expect(volatility.run({ rates: syntheticRates(25) }).metrics).toMatchObject({ hours: 25 });
});
