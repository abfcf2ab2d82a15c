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
  minEdgeBps: 0n,
  maxSpreadBps: 400n,
  maxSignalAgeSeconds: 60n,
  maxRateAgeSeconds: 3_600n,
  minQuoteSeconds: 5n,
  maxDailyVolume: 1_000_000_000n,
  maxDrawdownBps: 1_000n,
  maxSilenceSeconds: 30n,
};
const quote: FirmQuote = {
  side: "sell",
  hbar: 100n * HBAR,
  tokens: 25_025_000n,
  expires: addSeconds(now, 30),
};
const inputs = {
  now,
  fund: { hbar: 500n * HBAR, tokens: 50_000_000n },
  quote,
  signal: { side: "sell", price: 250_000n, at: addSeconds(now, -60) },
  reference: 250_000n,
  rateSet: addSeconds(now, -3_600),
  spreadBps: 400n,
  dailyVolume: 974_975_000n,
  drawdownBps: 1_000n,
  heard: addSeconds(now, -30),
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
        { name: "hold", passed: true, value: "sell", limit: "sell" },
        { name: "spread_bps", passed: true, value: "400", limit: "<=400" },
        { name: "trade_tinybar", passed: true, value: "10000000000", limit: "<=10000000000" },
        { name: "position_tinybar", passed: true, value: "40000000000", limit: "<=100000000000" },
        { name: "deviation_bps", passed: true, value: "10", limit: "<=100" },
        { name: "slippage_bps", passed: true, value: "-10", limit: "<=50" },
        { name: "edge_bps", passed: true, value: "2", limit: ">=0" },
        { name: "signal_age_s", passed: true, value: "60", limit: "<=60" },
        { name: "rate_age_s", passed: true, value: "3600", limit: "<=3600" },
        { name: "quote_left_s", passed: true, value: "30", limit: ">=5" },
        { name: "volume_micro_usd", passed: true, value: "1000000000", limit: "<=1000000000" },
        { name: "drawdown_bps", passed: true, value: "1000", limit: "<=1000" },
        { name: "silence_s", passed: true, value: "30", limit: "<=30" },
        { name: "hbar_left_tinybar", passed: true, value: "40000000000", limit: ">=1000000000" },
        { name: "tokens_left", passed: true, value: "75025000", limit: ">=0" },
      ],
    });
  });

  const buy: FirmQuote = { ...quote, side: "buy", tokens: 24_975_000n };
  const toBuy = { ...inputs.signal, side: "buy" as const };
  test.each<[string, RiskInputs, string[]]>([
    ["a tinybar too large", { quote: { ...quote, hbar: 100n * HBAR + 1n } }, ["trade_tinybar"]],
    [
      "a position too large",
      { quote: buy, signal: toBuy, fund: { hbar: 901n * HBAR, tokens: 50_000_000n } },
      ["position_tinybar"],
    ],
    ["too good to be true", { dailyVolume: 0n, quote: { ...quote, tokens: 25_250_001n } }, ["deviation_bps"]],
    [
      "worse than the reference",
      { quote: { ...quote, tokens: 24_749_999n } },
      ["deviation_bps", "slippage_bps", "edge_bps"],
    ],
    ["a sale worse than the signal", { signal: { ...inputs.signal, price: 251_509n } }, ["slippage_bps"]],
    [
      "a purchase worse than the signal",
      { quote: buy, signal: { ...toBuy, price: 248_507n } },
      ["slippage_bps"],
    ],
    ["a micro-USD short of paying its fees", { quote: { ...quote, tokens: 25_019_999n } }, ["edge_bps"]],
    ["nobody signalled", { signal: { ...inputs.signal, side: "hold" } }, ["hold"]],
    ["the other way than the signal", { signal: toBuy }, ["hold"]],
    ["on a forecast too wide", { spreadBps: 401n }, ["spread_bps"]],
    ["on an old signal", { signal: { ...inputs.signal, at: addSeconds(now, -60) - 1n } }, ["signal_age_s"]],
    ["on a signal from the future", { signal: { ...inputs.signal, at: now + 1n } }, ["signal_age_s"]],
    ["on an old rate", { rateSet: addSeconds(now, -3_600) - 1n }, ["rate_age_s"]],
    ["on a rate from the future", { rateSet: now + 1n }, ["rate_age_s"]],
    ["one too many for the day", { dailyVolume: 974_975_001n }, ["volume_micro_usd"]],
    ["after a drawdown", { drawdownBps: 1_001n }, ["drawdown_bps"]],
    ["with somebody who is not heard", { heard: addSeconds(now, -30) - 1n }, ["silence_s"]],
    [
      "on a quote that ends soon",
      { quote: { ...quote, expires: addSeconds(now, 5) - 1n } },
      ["quote_left_s"],
    ],
    ["on an expired quote", { quote: { ...quote, expires: now } }, ["quote_left_s"]],
    ["below the floor", { fund: { hbar: 110n * HBAR - 1n, tokens: 0n } }, ["hbar_left_tinybar"]],
    [
      "of tokens that aren't there",
      { quote: buy, signal: toBuy, fund: { hbar: HBAR, tokens: 24_974_999n } },
      ["tokens_left"],
    ],
  ])("deny a trade that is %s", (_, changed, names) => {
    expect(broken(changed)).toEqual(names);
  });

  test("let a sale reduce a position that is too large, and a purchase refill one that is too small", () => {
    expect(broken({ fund: { hbar: 5_000n * HBAR, tokens: 0n } })).toEqual([]);
    const poor = { ...limits, minBalance: 10_000n * HBAR };
    expect(assess(poor, { ...inputs, quote: buy, signal: toBuy }).approved).toBe(true);
    expect(assess(poor, inputs).approved).toBe(false);
  });

  test("fail closed: any input that is missing denies, and says so", () => {
    for (const key of Object.keys(inputs)) {
      const { approved, checks } = assess(limits, { ...inputs, [key]: undefined });
      expect(approved).toBe(false);
      const failed = checks.filter((check) => !check.passed);
      expect(failed.every(({ value, limit }) => value === "missing" || limit === "missing")).toBe(true);
    }
    expect(assess(limits, {}).checks.some((check) => check.passed)).toBe(false);
  });

  test("deny amounts and prices that are none, even in the fund's favour", () => {
    for (const wrong of [{ hbar: 0n }, { hbar: -1n }, { tokens: 0n }, { tokens: -1n }]) {
      expect(broken({ quote: { ...quote, ...wrong } })).toContain("trade_tinybar");
    }
    expect(broken({ reference: 0n })).toEqual(["deviation_bps", "edge_bps"]);
    expect(broken({ signal: { ...inputs.signal, price: 0n } })).toEqual(["slippage_bps"]);
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
    expect(JSON.stringify(assess(limits, inputs).checks).length).toBeLessThan(1_100);
  });
});
