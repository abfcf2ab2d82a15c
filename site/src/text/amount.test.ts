import { describe, expect, test } from "bun:test";
import { formatAmount, formatPrice, formatTinybars, formatTinybarsShort, formatTokens } from "./amount.ts";

describe("amounts", () => {
  test("stand in groups of three, without zeros at the end", () => {
    expect(formatAmount(1_234_567_890n, 2)).toBe("12,345,678.9");
    expect(formatAmount(100n, 2)).toBe("1");
    expect(formatAmount(-1_234_500n, 3)).toBe("-1,234.5");
  });

  test("are exact beyond what a floating-point number can hold", () => {
    expect(formatAmount(9_007_199_254_740_993n, 0)).toBe("9,007,199,254,740,993");
  });

  test("have the token's symbol, and are bare units while the token is not known", () => {
    expect(formatTokens(250n, { symbol: "FEST", decimals: 2 })).toBe("2.5 FEST");
    expect(formatTokens(250n, null)).toBe("250 units");
  });

  test("of tinybars are in HBAR, cut and never rounded where they are short", () => {
    expect(formatTinybars(199_999_999n)).toBe("1.99999999 ℏ");
    expect(formatTinybarsShort(199_999_999n)).toBe("1.99");
  });
});

describe("a price", () => {
  test("is tokens for one HBAR", () => {
    expect(formatPrice(4_250_000_000n, 3_987_650n, 6)).toBe("0.093827");
    expect(formatPrice(100_000_000n, 25n, 2)).toBe("0.25");
  });

  test("does not exist where nothing is traded", () => {
    expect(formatPrice(0n, 5n, 2)).toBeNull();
    expect(formatPrice(5n, 0n, 2)).toBeNull();
  });
});
