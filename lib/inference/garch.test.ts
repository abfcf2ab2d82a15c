import { describe, expect, test } from "bun:test";
import { fitGarch, varianceAhead } from "./garch.ts";

/** Nearly normal numbers from a seed: the sum of twelve uniform ones, less six. */
function normals(seed: number): () => number {
  let random = seed;
  const uniform = () => {
    random = (random * 48_271) % 2_147_483_647;
    return random / 2_147_483_647;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((sum, x) => sum + x, -6);
}

/** Returns of a GARCH(1,1) with a known truth. */
function simulate(count: number, alpha: number, beta: number, seed: number): number[] {
  const plain = 1e-4;
  const next = normals(seed);
  let variance = plain;
  return Array.from({ length: count }, () => {
    const r = Math.sqrt(variance) * next();
    variance = (1 - alpha - beta) * plain + alpha * r * r + beta * variance;
    return r;
  });
}

describe("a fit", () => {
  test("finds the truth that returns were made from, given enough of them", () => {
    for (const [alpha, beta] of [
      [0.1, 0.85],
      [0.25, 0.6],
    ] as const) {
      const fitted = fitGarch(simulate(20_000, alpha, beta, 42));
      expect(Math.abs(fitted.alpha - alpha)).toBeLessThan(0.03);
      expect(Math.abs(fitted.beta - beta)).toBeLessThan(0.05);
    }
  });

  test("finds no dynamics where there are none", () => {
    expect(fitGarch(simulate(20_000, 0, 0, 7)).alpha).toBeLessThan(0.02);
    expect(fitGarch([0, 0, 0])).toEqual({ alpha: 0, beta: 0, plain: 0, next: 0 });
  });

  test("is these figures, on every machine", () => {
    expect(fitGarch(simulate(167, 0.1, 0.85, 3))).toEqual({
      alpha: 0.0375,
      beta: 0.94375,
      next: 0.0000587357788822211,
      plain: 0.00007408051195182326,
    });
  });

  test("of nothing is refused", () => {
    expect(() => fitGarch([])).toThrow(expect.objectContaining({ code: "NUMBER_INVALID" }));
  });
});

test("what the next hours are expected to vary goes back to the plain variance", () => {
  const model = { alpha: 0.2, beta: 0.7, plain: 1, next: 3 };
  expect(varianceAhead(model, 1)).toBe(3);
  expect(varianceAhead(model, 2)).toBeCloseTo(1 + 0.9 * 2, 12);
  expect(varianceAhead(model, 200)).toBeCloseTo(1, 6);
});
