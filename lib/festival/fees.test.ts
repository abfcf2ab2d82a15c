import { describe, expect, test } from "bun:test";
import { messageFee } from "./fees.ts";

describe("the fee of a message", () => {
  test.each([
    ["none", 0, 170_000n],
    ["as many as are included", 100, 170_000n],
    ["one more", 101, 170_680n],
    ["as many as fit", 1_024, 798_320n],
  ])("of %s bytes, in nano-USD", (_, bytes, fee) => {
    expect(messageFee(bytes)).toBe(fee);
  });
});
