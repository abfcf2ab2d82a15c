import { describe, expect, test } from "bun:test";
import { evaluate, skill } from "./evaluate.ts";
import { forecast, walkForward } from "./forecast.ts";
import { fitGarch } from "./garch.ts";
import { forecast as embedded } from "./kinds/forecast.ts";
import { measureForecast } from "./measure.ts";
import { seriesOfCsv } from "./rate-csv.ts";
import { MAX_HOURS, rateSeries } from "./rate-series.ts";
import { flatRates, realRatesCsv, syntheticRates } from "./synthetic.fixture.ts";

const csv = await realRatesCsv();

describe("measuring a long series", () => {
  const series = rateSeries(syntheticRates(400));

  test("forecasts every hour once, model and random walk alike", () => {
    const { model, randomWalk, skill } = measureForecast(series, { horizonHours: 6, from: 200 });
    expect([model.count, randomWalk.count]).toEqual([200, 200]);
    expect(model.mape).toBe(randomWalk.mape);
    expect(skill).toBeCloseTo(1 - model.pinball / randomWalk.pinball, 12);
  });

  test("finds no skill where there is none: steps of one size distribution", () => {
    expect(measureForecast(series, { horizonHours: 1, from: 200 }).skill).toBeLessThan(0.01);
  });
});

describe.skipIf(csv === null)("on the real rates of July to November 2025", () => {
  // Where the file is absent this is not run, but still has to be described.
  const series = csv === null ? rateSeries(flatRates(MAX_HOURS)) : seriesOfCsv(csv);
  const lastThird = Math.floor((series.length * 2) / 3);

  test.each([1, 6, 24])(
    "the 80%% interval %d hours ahead covers 70%% to 90%%, on all and on the held-back third",
    (h) => {
      for (const from of [MAX_HOURS + h, lastThird]) {
        const { model } = measureForecast(series, { horizonHours: h, from });
        expect(model.coverage80).toBeGreaterThan(0.7);
        expect(model.coverage80).toBeLessThan(0.9);
      }
    },
  );

  test("docs/inference.md holds the measured figures", async () => {
    const page = await Bun.file(new URL("../../docs/inference.md", import.meta.url)).text();
    const rows = [MAX_HOURS + 24, lastThird].flatMap((from) =>
      [1, 6, 24].map((horizonHours) => row(from, horizonHours)),
    );
    for (const line of rows) expect(page).toContain(line);
  });

  test("a forecast of the last week says what docs/inference.md shows", async () => {
    const page = await Bun.file(new URL("../../docs/inference.md", import.meta.url)).text();
    const { quantiles } = forecast(rateSeries(series.slice(-MAX_HOURS)), 6);
    expect(page).toContain(`"q10_micro_usd":"${quantiles.q10}","q50_micro_usd":"${quantiles.q50}"`);
    const { output } = embedded.run({ rates: series.slice(-MAX_HOURS), horizon_hours: 6 });
    expect(page).toContain(JSON.stringify(output));
  });

  test("GARCH in place of the EWMA has the skill that docs/inference.md states, which is less", async () => {
    const page = await Bun.file(new URL("../../docs/inference.md", import.meta.url)).text();
    const garch = (returns: readonly number[]) => 1.1432149 * Math.sqrt(fitGarch(returns).next);
    const walk = { horizonHours: 1, windowHours: MAX_HOURS, from: lastThird };
    const { pinball } = evaluate(walkForward(series, { ...walk, width: garch }));
    const { model, randomWalk } = measureForecast(series, { horizonHours: 1, from: lastThird });
    const percent = (loss: number) => `${(100 * skill(loss, randomWalk.pinball)).toFixed(2)}%`;
    expect(page).toContain(`${percent(pinball)} against ${percent(model.pinball)} an hour ahead`);
  }, 60_000);

  function row(from: number, horizonHours: number): string {
    const { model, randomWalk, skill: found } = measureForecast(series, { horizonHours, from });
    return [
      `| ${from === lastThird ? "last third" : "all"}`,
      horizonHours,
      model.count,
      model.pinball.toFixed(2),
      randomWalk.pinball.toFixed(2),
      `${(found * 100).toFixed(2)}%`,
      `${(model.coverage80 * 100).toFixed(1)}%`,
      `${(randomWalk.coverage80 * 100).toFixed(1)}%`,
      `${model.mape.toFixed(2)}% |`,
    ].join(" | ");
  }
});
