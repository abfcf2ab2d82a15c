import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type AllocationInputs, decide, STRATEGY, targetWeight } from "./allocation.ts";
import type { TradeLimits } from "./limits.ts";
import { hbarValue } from "./price.ts";
import { afterSwap } from "./risk.ts";

const HBAR = 100_000_000n;
const limits: TradeLimits = {
  maxTrade: 10_000n * HBAR,
  maxPosition: 100_000n * HBAR,
  minBalance: 0n,
  maxDeviationBps: 100n,
  maxSlippageBps: 100n,
  maxSignalAgeSeconds: 60n,
  minQuoteSeconds: 5n,
};
/** 1,000 HBAR at 0.25 USD and 250 USD: half and half. At 60% volatility the target is a half, too. */
const inputs: AllocationInputs = {
  fund: { hbar: 1_000n * HBAR, tokens: 250_000_000n },
  reference: 250_000n,
  volatilityPpm: 600_000n,
  forecast: { last: 250_000n, q10: 240_000n, q50: 250_000n, q90: 260_000n },
  limits,
};

describe("the target share", () => {
  test("is target over measured volatility, within its bounds", () => {
    const at = (ppm: bigint) => targetWeight(STRATEGY, ppm);
    expect([600_000n, 900_000n, 100_000n, 9_000_000n, 0n].map(at)).toEqual([
      500_000n,
      333_333n,
      900_000n,
      100_000n,
      900_000n,
    ]);
    expect(() => at(-1n)).toThrow(expect.objectContaining({ code: "VOLATILITY_INVALID" }));
  });
});

describe("the fund", () => {
  test("holds at its target, and within the band on both sides", () => {
    expect(decide(inputs)).toEqual({
      action: "hold",
      weightPpm: 500_000n,
      targetPpm: 500_000n,
      reason: "HBAR is 50.0000% of the fund, target 50.0000%, within 5.0000%",
    });
    expect(decide({ ...inputs, volatilityPpm: 545_455n }).action).toBe("hold");
    expect(decide({ ...inputs, volatilityPpm: 666_666n }).action).toBe("hold");
  });

  test("sells down to its target when HBAR moves more", () => {
    expect(decide({ ...inputs, volatilityPpm: 1_000_000n })).toEqual({
      action: "trade",
      side: "sell",
      hbar: 400n * HBAR,
      referencePrice: 250_000n,
      weightPpm: 500_000n,
      targetPpm: 300_000n,
      reason: "HBAR is 50.0000% of the fund, target 30.0000%",
    });
  });

  test("buys up to its target when HBAR moves less", () => {
    expect(decide({ ...inputs, volatilityPpm: 400_000n })).toMatchObject({ side: "buy", hbar: 500n * HBAR });
  });

  test("always trades when it is all in one asset", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 8n), (volatilityPpm) => {
        expect(decide({ ...inputs, volatilityPpm, fund: { hbar: 9_000n * HBAR, tokens: 0n } })).toMatchObject(
          {
            side: "sell",
          },
        );
        expect(decide({ ...inputs, volatilityPpm, fund: { hbar: 0n, tokens: 10n ** 9n } })).toMatchObject({
          side: "buy",
        });
      }),
    );
  });

  test("trades no more than a limit lets it, and says so", () => {
    const sell = { ...inputs, volatilityPpm: 1_000_000n };
    const bounded = decide({ ...sell, limits: { ...limits, maxTrade: 100n * HBAR } });
    expect(bounded).toMatchObject({ side: "sell", hbar: 100n * HBAR });
    expect(bounded.reason).toContain("10000000000 of 40000000000 tinybars within the limits");
    expect(decide({ ...sell, limits: { ...limits, minBalance: 900n * HBAR } })).toMatchObject({
      hbar: 100n * HBAR,
    });
    const buy = { ...inputs, volatilityPpm: 400_000n };
    expect(decide({ ...buy, limits: { ...limits, maxPosition: 1_200n * HBAR } })).toMatchObject({
      hbar: 200n * HBAR,
    });
  });

  test("buys no more than it can pay at the worst price that the limits allow", () => {
    const poor = {
      ...inputs,
      fund: { hbar: 0n, tokens: 1_010_000n },
      volatilityPpm: 1n,
      strategy: { ...STRATEGY, maxWeightPpm: 1_000_000n },
    };
    expect(decide(poor)).toMatchObject({ side: "buy", hbar: 4n * HBAR });
  });

  test("holds when what it may trade isn't worth the fees", () => {
    const decision = decide({
      ...inputs,
      volatilityPpm: 1_000_000n,
      limits: { ...limits, maxTrade: HBAR - 1n },
    });
    expect(decision).toMatchObject({ action: "hold", weightPpm: 500_000n, targetPpm: 300_000n });
    expect(decision.reason).toContain("only 99999999 of 40000000000 tinybars");
  });

  test.each<[string, Partial<AllocationInputs>]>([
    ["the fund is empty", { fund: { hbar: 0n, tokens: 0n } }],
    ["no reference price", { reference: 0n }],
    ["crossed", { forecast: { ...inputs.forecast, q10: 250_001n } }],
    ["crossed", { forecast: { ...inputs.forecast, q90: 249_999n } }],
    ["crossed", { forecast: { ...inputs.forecast, q10: 0n } }],
    ["102 basis points away", { forecast: { ...inputs.forecast, last: 252_526n } }],
  ])("holds because %s", (reason, changed) => {
    const decision = decide({ ...inputs, volatilityPpm: 1_000_000n, ...changed });
    expect(decision).toMatchObject({ action: "hold", weightPpm: null });
    expect(decision.reason).toContain(reason);
  });

  test("comes closer to its target with every trade, and never past it", () => {
    const anyFund = fc.record({ hbar: fc.bigInt(0n, 10n ** 14n), tokens: fc.bigInt(0n, 10n ** 12n) });
    fc.assert(
      fc.property(
        anyFund,
        fc.bigInt(1n, 10n ** 7n),
        fc.bigInt(10_000n, 10n ** 7n),
        (fund, volatilityPpm, price) => {
          const forecast = { last: price, q10: price, q50: price, q90: price };
          const decision = decide({ ...inputs, fund, volatilityPpm, reference: price, forecast });
          if (decision.action === "hold") return;
          const after = afterSwap(fund, { ...decision, tokens: hbarValue(decision.hbar, price) });
          const value = hbarValue(after.hbar, price);
          const weight = (value * 1_000_000n) / (value + after.tokens);
          if (decision.side === "buy") {
            expect(weight > decision.weightPpm - 2n && weight <= decision.targetPpm + 2n).toBe(true);
          } else {
            expect(weight < decision.weightPpm + 2n && weight >= decision.targetPpm - 2n).toBe(true);
          }
          expect(after.tokens >= 0n && decision.reason.length <= 200).toBe(true);
        },
      ),
    );
  });
});
