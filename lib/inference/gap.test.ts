import { describe, expect, test } from "bun:test";
import { type Observation, predictGap } from "./gap.ts";

const REFERENCE = 200_000n;

/** Prices of a desk whose gap goes on with `phi` and a shock of at most 1%, from a seed. */
function prices(count: number, phi: number, seed = 5): Observation[] {
  let random = seed;
  let gap = 0.02;
  return Array.from({ length: count }, () => {
    random = (random * 48_271) % 2_147_483_647;
    gap = phi * gap + ((random % 2_001) - 1_000) / 100_000;
    return { desk: BigInt(Math.round(200_000 * (1 + gap))), reference: REFERENCE };
  });
}

describe("a prediction of the gap", () => {
  test("finds how fast it closes, and then beats the guess that it stays", () => {
    const found = predictGap(prices(900, 0.5));
    expect(found.phi).toBeCloseTo(0.5, 1);
    expect(found.pinball).toBeLessThan(found.unchanged * 0.95);
    expect(found.heldBack).toBe(300);
  });

  test("has no skill to show where the gap only wanders", () => {
    const { pinball, unchanged, phi } = predictGap(prices(900, 1));
    expect(phi).toBeGreaterThan(0.95);
    expect(Math.abs(1 - pinball / unchanged)).toBeLessThan(0.03);
  });

  test("lies between the last gap and none, with quantiles that do not cross", () => {
    const { last, q10, q50, q90 } = predictGap(prices(60, 0.5));
    expect(Math.abs(q50)).toBeLessThan(Math.abs(last));
    expect(q10).toBeLessThan(q50);
    expect(q50).toBeLessThan(q90);
  });

  test("is that there is none where there never was one", () => {
    const none = Array.from({ length: 12 }, () => ({ desk: REFERENCE, reference: REFERENCE }));
    expect(predictGap(none)).toMatchObject({ last: 0, phi: 0, q10: 0, q50: 0, q90: 0, pinball: 0 });
  });

  test("from fewer than a dozen prices is refused", () => {
    expect(() => predictGap(prices(11, 0.5))).toThrow(expect.objectContaining({ code: "GAP_UNPREDICTABLE" }));
  });
});
