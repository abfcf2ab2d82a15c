import { describe, expect, test } from "bun:test";
import { embeddedEngine, runEmbedded } from "./engine.ts";
import { syntheticRates } from "./synthetic.fixture.ts";

const rates = syntheticRates(168);

describe("the embedded engine", () => {
  test("does the kinds that it names, and no other", async () => {
    expect(embeddedEngine.kinds).toEqual([
      "gather",
      "forecast",
      "volatility",
      "gap",
      "size",
      "report",
      "review",
    ]);
    await expect(embeddedEngine.run("analyse", {})).rejects.toMatchObject({
      code: "KIND_UNKNOWN",
      fix: expect.stringContaining("gather, forecast"),
    });
    await expect(embeddedEngine.run("gather", { rates })).resolves.toEqual(runEmbedded("gather", { rates }));
  });

  test("gives the same bytes for the same input", () => {
    const bytes = () =>
      ["gather", "forecast", "volatility"].map((kind) =>
        JSON.stringify(
          runEmbedded(kind, { rates: syntheticRates(168), ...(kind === "forecast" && { horizon_hours: 6 }) }),
        ),
      );
    expect(bytes()).toEqual(bytes());
  });

  test.each([
    ["gather", null],
    ["gather", {}],
    ["gather", { rates: "all" }],
    ["gather", { rates: [{ hourStart: 0 }] }],
    ["gather", { rates: [{ hourStart: 0.5, centEquivalent: 1, hbarEquivalent: 1 }] }],
    ["gather", { rates, rates_sha256: "beef" }],
    ["forecast", { rates }],
    ["forecast", { rates, horizon_hours: "6" }],
    ["size", { hbar: 5 }],
    ["report", { tasks: [] }],
    ["gap", { prices: [{ desk_micro_usd: "0", reference_micro_usd: "1" }] }],
    ["review", {}],
  ])("refuses a %s of %j, and says what is wrong", (kind, input) => {
    expect(() => runEmbedded(kind, input)).toThrow(
      expect.objectContaining({
        code: "INPUT_INVALID",
        message: expect.stringMatching(/^the input of \w+ is wrong: .+/),
      }),
    );
  });

  test("refuses rates other than those that an earlier task read", () => {
    const { output } = runEmbedded("gather", { rates });
    const named = { rates_sha256: output.rates_sha256 };
    expect(runEmbedded("volatility", { rates, ...named }).output.rates_sha256).toBe(output.rates_sha256);
    for (const kind of ["gather", "volatility", "forecast"]) {
      expect(() => runEmbedded(kind, { rates: rates.slice(1), horizon_hours: 1, ...named })).toThrow(
        expect.objectContaining({ code: "RATES_DIFFER" }),
      );
    }
  });
});
