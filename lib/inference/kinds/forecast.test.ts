import { expect, test } from "bun:test";
import * as z from "zod/mini";
import { forecastOf } from "../../festival/score.ts";
import { syntheticRates } from "../synthetic.fixture.ts";
import { forecast, forecastOutput } from "./forecast.ts";

const rates = syntheticRates(168);
const { output, metrics } = forecast.run({ rates, horizon_hours: 6 });

// A script of its own, in another language, came to the same figures.
test("a forecast is these bytes, on every machine", () => {
  expect(JSON.stringify(output)).toBe(
    '{"engine":"embedded","model":"ewma-t5","version":"1","horizon_hours":6,"as_of":1700600400,"last_micro_usd":"255472","q10_micro_usd":"251569","q50_micro_usd":"255472","q90_micro_usd":"259436","walk_q10_micro_usd":"250926","walk_q90_micro_usd":"260100","pinball":32.2566,"pinball_random_walk":32.1073,"coverage_80":0.75,"mape":1.01662,"trained_on":112,"held_back":56,"rates_sha256":"b8e340c46072b54ce6f58e7471fe7b63e03309c3fc964c58e89cc15e97b52217"}',
  );
});

test("a forecast says how good its model was beside the random walk", () => {
  const { pinball, pinball_random_walk, coverage_80, mape, held_back } = z.parse(forecastOutput, output);
  expect(held_back).toBe(56);
  expect(metrics).toMatchObject({ coverage_80, mape, held_back, ordered: true });
  expect(metrics.skill).toBeCloseTo(1 - pinball / pinball_random_walk, 5);
});

test("a forecast can be scored: it names its hour, and what the random walk says of it", () => {
  expect(forecastOf(output)).toMatchObject({
    hour: (rates.at(-1)?.hourStart ?? 0) + 6 * 3_600,
    last: 255_472n,
    q10: 251_569n,
    q90: 259_436n,
    walk10: 250_926n,
    walk90: 260_100n,
  });
});

test("no forecast is longer than 500 bytes", () => {
  for (let seed = 1; seed < 20; seed += 1) {
    for (const horizon_hours of [1, 24]) {
      const { output: some } = forecast.run({ rates: syntheticRates(168, seed), horizon_hours });
      expect(JSON.stringify(some).length).toBeLessThanOrEqual(500);
    }
  }
});
