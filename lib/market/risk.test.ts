import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { addSeconds, timestampOf } from "../hedera/timestamp.ts";
import type { TradeLimits } from "./limits.ts";
import { afterSwap, assess, type FirmQuote, RISK_LIMITS, type RiskInputs } from "./risk.ts";

const HBAR = 100_000_000n;
const now = timestampOf(1_700_000_000, 5n);
const limits: TradeLimits = {
  maxTrade: 100n * HBAR,
  maxPosition: 1_000n * HBAR,
  minBalance: 10n * HBAR,
  maxDeviationBps: 100n,
  maxSlippageBps: 50n,
  maxSignalAgeSeconds: 60n,
  minQuoteSeconds: 5n,
};
const quote: FirmQuote = {
  side: "sell",
  hbar: 100n * HBAR,
  tokens: 25_000_000n,
  expires: addSeconds(now, 30),
};
const inputs = {
  now,
  fund: { hbar: 500n * HBAR, tokens: 50_000_000n },
  quote,
  signal: { price: 250_000n, at: addSeconds(now, -60) },
  reference: 250_000n,
} satisfies RiskInputs;

/** The names of the limits that such a trade breaks. */
function broken(changed: RiskInputs): string[] {
  return assess(limits, { ...inputs, ...changed })
    .checks.filter((check) => !check.passed)
    .map((check) => check.name);
}

describe("risk limits", () => {
  test("approve a trade at their very edge, and say what they looked at", () => {
    expect(assess(limits, inputs)).toEqual({
      approved: true,
      checks: [
        { name: "trade_tinybar", passed: true, value: "10000000000", limit: "<=10000000000" },
        { name: "position_tinybar", passed: true, value: "40000000000", limit: "<=100000000000" },
        { name: "deviation_bps", passed: true, value: "0", limit: "<=100" },
        { name: "slippage_bps", passed: true, value: "0", limit: "<=50" },
        { name: "signal_age_s", passed: true, value: "60", limit: "<=60" },
        { name: "quote_left_s", passed: true, value: "30", limit: ">=5" },
        { name: "hbar_left_tinybar", passed: true, value: "40000000000", limit: ">=1000000000" },
        { name: "tokens_left", passed: true, value: "75000000", limit: ">=0" },
      ],
    });
  });

  const buy: FirmQuote = { ...quote, side: "buy" };
  test.each<[string, RiskInputs, string[]]>([
    [
      "a tinybar too large",
      { quote: { ...quote, hbar: 100n * HBAR + 1n, tokens: 25_000_001n } },
      ["trade_tinybar"],
    ],
    [
      "a position too large",
      { quote: buy, fund: { hbar: 901n * HBAR, tokens: 50_000_000n } },
      ["position_tinybar"],
    ],
    ["too good to be true", { quote: { ...quote, tokens: 25_250_001n } }, ["deviation_bps"]],
    [
      "worse than the reference",
      { quote: { ...quote, tokens: 24_749_999n } },
      ["deviation_bps", "slippage_bps"],
    ],
    ["a sale worse than the signal", { quote: { ...quote, tokens: 24_874_999n } }, ["slippage_bps"]],
    ["a purchase worse than the signal", { quote: { ...buy, tokens: 25_125_001n } }, ["slippage_bps"]],
    ["on an old signal", { signal: { price: 250_000n, at: addSeconds(now, -60) - 1n } }, ["signal_age_s"]],
    ["on a signal from the future", { signal: { price: 250_000n, at: now + 1n } }, ["signal_age_s"]],
    [
      "on a quote that ends soon",
      { quote: { ...quote, expires: addSeconds(now, 5) - 1n } },
      ["quote_left_s"],
    ],
    ["on an expired quote", { quote: { ...quote, expires: now } }, ["quote_left_s"]],
    ["below the floor", { fund: { hbar: 110n * HBAR - 1n, tokens: 0n } }, ["hbar_left_tinybar"]],
    [
      "of tokens that aren't there",
      { quote: buy, fund: { hbar: HBAR, tokens: 24_999_999n } },
      ["tokens_left"],
    ],
  ])("deny a trade that is %s", (_, changed, names) => {
    expect(broken(changed)).toEqual(names);
  });

  test("let a sale reduce a position that is too large, and a purchase refill one that is too small", () => {
    expect(broken({ fund: { hbar: 5_000n * HBAR, tokens: 0n } })).toEqual([]);
    const poor = { ...limits, minBalance: 10_000n * HBAR };
    expect(assess(poor, { ...inputs, quote: buy }).approved).toBe(true);
    expect(assess(poor, inputs).approved).toBe(false);
  });

  test("fail closed: any input that is missing denies, and says so", () => {
    for (const key of ["now", "fund", "quote", "signal", "reference"] as const) {
      const { approved, checks } = assess(limits, { ...inputs, [key]: undefined });
      expect(approved).toBe(false);
      expect(checks.filter((check) => !check.passed).every((check) => check.value === "missing")).toBe(true);
    }
    expect(assess(limits, {}).checks.some((check) => check.passed)).toBe(false);
  });

  test("deny amounts and prices that are none, even in the fund's favour", () => {
    for (const wrong of [{ hbar: 0n }, { hbar: -1n }, { tokens: 0n }, { tokens: -1n }]) {
      expect(broken({ quote: { ...quote, ...wrong } })).toContain("trade_tinybar");
    }
    expect(broken({ reference: 0n })).toEqual(["deviation_bps"]);
    expect(broken({ signal: { price: 0n, at: now } })).toEqual(["slippage_bps"]);
  });

  test("approve only what each of them passes", () => {
    const amount = fc.bigInt(-5n, 600n * HBAR);
    fc.assert(
      fc.property(fc.constantFrom("buy" as const, "sell" as const), amount, amount, (side, hbar, tokens) => {
        const judged = { ...inputs, quote: { ...quote, side, hbar, tokens } };
        const { approved, checks } = assess(limits, judged);
        expect(approved).toBe(RISK_LIMITS.every((limit) => limit(limits, judged).passed));
        expect(checks).toHaveLength(RISK_LIMITS.length);
        if (approved) {
          const after = afterSwap(inputs.fund, judged.quote);
          expect(after.tokens >= 0n && (side === "buy" || after.hbar >= limits.minBalance)).toBe(true);
        }
      }),
    );
  });

  test("fit into one entry with their figures", () => {
    expect(JSON.stringify(assess(limits, inputs).checks).length).toBeLessThan(700);
  });
});
