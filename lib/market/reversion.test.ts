import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { DEFAULT_LIMITS, type TradeLimits } from "./limits.ts";
import { poolAt } from "./pool.ts";
import { hbarValue } from "./price.ts";
import { decide, type ReversionInputs, STRATEGY, targetWeight } from "./reversion.ts";
import { afterSwap } from "./risk.ts";
import { deskVenue } from "./venue.ts";

const HBAR = 100_000_000n;
const limits: TradeLimits = {
  ...DEFAULT_LIMITS,
  maxTrade: 10_000n * HBAR,
  maxPosition: 100_000n * HBAR,
  minBalance: 0n,
  maxDeviationBps: 500n,
  maxSignalAgeSeconds: 60n,
  minQuoteSeconds: 5n,
};
const venueAt = (price: bigint) => deskVenue(poolAt(price, 100_000n * HBAR, 30n));
/** 5,000 HBAR at 0.25 USD and as much in tokens. At 60% volatility the target is a half, too. */
const inputs: ReversionInputs = {
  fund: { hbar: 5_000n * HBAR, tokens: 1_250_000_000n },
  venue: venueAt(250_000n),
  others: 3,
  reference: 250_000n,
  volatilityPpm: 600_000n,
  forecast: { last: 250_000n, q10: 245_000n, q50: 250_000n, q90: 255_000n },
  limits,
};
/** A fund below its target, so that a purchase brings it nearer. */
const light = { ...inputs, fund: { hbar: 2_000n * HBAR, tokens: 2_000_000_000n } };

describe("the share at rest", () => {
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
  test("holds while the desk's price is the network's, and says why", () => {
    expect(decide(inputs)).toEqual({
      action: "hold",
      weightPpm: 500_000n,
      targetPpm: 500_000n,
      gapBps: 0n,
      reason:
        "the desk's price is 0.00% above the network's rate; a sell has to make good 0.70% of fees and edge",
    });
  });

  test("holds while nobody else trades with the desk, however far its price is", () => {
    expect(decide({ ...inputs, venue: venueAt(240_000n), others: 0 })).toMatchObject({
      action: "hold",
      gapBps: -400n,
      reason: "nobody else traded with the desk lately, so its price comes back to nothing",
    });
  });

  test("buys below the network's rate and sells above it, until the next tinybar would not pay", () => {
    const buy = decide({ ...inputs, venue: venueAt(245_000n) });
    expect(buy).toMatchObject({ action: "trade", side: "buy", gapBps: -200n });
    const sell = decide({ ...inputs, venue: venueAt(255_000n) });
    expect(sell).toMatchObject({ action: "trade", side: "sell", gapBps: 200n });
    for (const decision of [buy, sell]) {
      if (decision.action !== "trade") throw new Error("a hold");
      const venue = venueAt(decision.side === "buy" ? 245_000n : 255_000n);
      const after = venue.after(venue.quote(decision.side, decision.hbar)).midPrice();
      // What is left of the gap pays the fee of this trade, of its undoing, and the edge.
      expect(Math.abs(Number(after - 250_000n)) / 25).toBeCloseTo(70, -1);
    }
  });

  test("pays one fee to come nearer to its share, and two to go away from it", () => {
    const nearly = { venue: venueAt(248_400n) };
    expect(decide({ ...light, ...nearly })).toMatchObject({ action: "trade", side: "buy", gapBps: -64n });
    const reason = decide({ ...inputs, ...nearly }).reason;
    expect(reason).toContain("0.64% below the network's rate; a buy has to make good 0.70%");
  });

  test("expects a price between the desk's and the network's", () => {
    const decision = decide({ ...inputs, venue: venueAt(245_000n) });
    if (decision.action !== "trade") throw new Error("a hold");
    expect(decision.price > 245_000n && decision.price < 250_000n).toBe(true);
  });

  test("trades no more than a limit lets it, and says so", () => {
    const cheap = { ...inputs, venue: venueAt(240_000n) };
    const bounded = decide({ ...cheap, limits: { ...limits, maxTrade: 100n * HBAR } });
    expect(bounded).toMatchObject({ side: "buy", hbar: 100n * HBAR });
    expect(bounded.reason).toContain("10000000000 of ");
    const positioned = { ...limits, maxPosition: 5_050n * HBAR };
    expect(decide({ ...cheap, limits: positioned })).toMatchObject({ hbar: 50n * HBAR });
    const dear = { ...inputs, venue: venueAt(260_000n) };
    const floored = { ...limits, minBalance: 4_960n * HBAR };
    expect(decide({ ...dear, limits: floored })).toMatchObject({ side: "sell", hbar: 40n * HBAR });
  });

  test("holds when it may trade next to nothing, or when that would not pay the network", () => {
    const cheap = { ...inputs, venue: venueAt(240_000n) };
    const tiny = decide({ ...cheap, limits: { ...limits, maxTrade: HBAR - 1n } });
    expect(tiny.action).toBe("hold");
    expect(tiny.reason).toContain("but only 99999999 of ");
    const small = decide({ ...cheap, limits: { ...limits, maxTrade: HBAR } });
    expect(small.reason).toContain("would not pay the network's fees");
  });

  test.each<[string, Partial<ReversionInputs>]>([
    ["the fund is empty", { fund: { hbar: 0n, tokens: 0n } }],
    ["no reference price", { reference: 0n }],
    ["crossed", { forecast: { ...inputs.forecast, q10: 250_001n } }],
    ["crossed", { forecast: { ...inputs.forecast, q90: 249_999n } }],
    ["crossed", { forecast: { ...inputs.forecast, q10: 0n } }],
    ["504 basis points away", { forecast: { ...inputs.forecast, last: 262_599n } }],
    ["too wide: 10.01%", { forecast: { ...inputs.forecast, q10: 230_000n, q90: 255_001n } }],
  ])("holds because %s", (reason, changed) => {
    const decision = decide({ ...inputs, venue: venueAt(240_000n), ...changed });
    expect(decision.action).toBe("hold");
    expect(decision.reason).toContain(reason);
  });

  test("never trades at a loss against the network's rate, beyond its balances, or into a corner", () => {
    const anyFund = fc.record({ hbar: fc.bigInt(0n, 10n ** 13n), tokens: fc.bigInt(0n, 10n ** 10n) });
    const price = fc.bigInt(220_000n, 280_000n);
    fc.assert(
      fc.property(anyFund, fc.bigInt(1n, 10n ** 7n), price, (fund, volatilityPpm, deskPrice) => {
        const venue = venueAt(deskPrice);
        const decision = decide({ ...inputs, fund, volatilityPpm, venue });
        expect(decision.reason.length).toBeLessThanOrEqual(200);
        if (decision.action === "hold") return;
        const quote = venue.quote(decision.side, decision.hbar);
        const value = hbarValue(decision.hbar, 250_000n);
        expect(decision.side === "buy" ? quote.tokens < value : quote.tokens > value).toBe(true);
        const after = afterSwap(fund, quote);
        expect(after.hbar >= 0n && after.tokens >= 0n && decision.hbar <= limits.maxTrade).toBe(true);
      }),
    );
  });
});
