import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { NOISE, noiseError, noiseTrade } from "./noise.ts";
import { midPrice, poolAfter, poolAt } from "./pool.ts";

const HBAR = 100_000_000n;
const pool = poolAt(250_000n, 100_000n * HBAR, 30n);
const plenty = { hbar: 10n ** 15n, tokens: 10n ** 15n };

describe("the noise trader", () => {
  test("errs as its seed says, the same everywhere and for ever", () => {
    expect([0, 1, 2, 3].map((number) => noiseError(NOISE, number))).toEqual([-184n, 195n, -156n, -21n]);
    expect(noiseError({ ...NOISE, seed: "another" }, 0)).not.toBe(-184n);
  });

  test("errs either way, as far as its strength, and evenly", () => {
    const errors = Array.from({ length: 2_000 }, (_, number) => Number(noiseError(NOISE, number)));
    expect(Math.max(...errors)).toBeLessThanOrEqual(200);
    expect(Math.min(...errors)).toBeGreaterThanOrEqual(-200);
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThan(10);
  });

  test("brings the pool's price to the network's rate plus its error", () => {
    fc.assert(
      fc.property(fc.nat({ max: 5_000 }), fc.bigInt(200_000n, 300_000n), (number, reference) => {
        const swap = noiseTrade(NOISE, number, { pool, reference, holdings: plenty });
        const after = swap === null ? pool : poolAfter(pool, swap);
        const target = (reference * (10_000n + noiseError(NOISE, number))) / 10_000n;
        const off = Number(((midPrice(after) - target) * 10_000n) / target);
        // The fee that stays in the pool moves the price by up to 30 basis points of the trade.
        expect(Math.abs(off)).toBeLessThanOrEqual(10);
      }),
    );
  });

  test("of no strength follows the rate, and rests while the pool is there", () => {
    const exact = { ...NOISE, strengthBps: 0n };
    expect(noiseTrade(exact, 7, { pool, reference: 250_000n, holdings: plenty })).toBeNull();
    expect(noiseTrade(exact, 7, { pool, reference: 260_000n, holdings: plenty })?.side).toBe("buy");
  });

  test("spends no more than it has", () => {
    const poor = { hbar: 5n * HBAR, tokens: 0n };
    expect(noiseTrade(NOISE, 0, { pool, reference: 250_000n, holdings: poor })).toMatchObject({
      side: "sell",
      hbar: 5n * HBAR,
    });
    expect(noiseTrade(NOISE, 1, { pool, reference: 250_000n, holdings: poor })).toBeNull();
  });
});
