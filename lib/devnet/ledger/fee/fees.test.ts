import { expect, test } from "bun:test";
import { computeFees, NO_FEES, totalFee } from "./fees.ts";
import { FEE_SCHEDULE } from "./schedule.ts";

/** 1 HBAR is 10 cents. */
const RATE = { hbarEquivalent: 30_000, centEquivalent: 300_000, expirationSeconds: 0 };

test("a plain transaction costs USD 0.0001, a tenth of it for the node", () => {
  const fees = computeFees({ signatures: 1, bytes: 200, service: 0n, rate: RATE });
  expect(fees).toEqual({ node: 10_000n, network: 90_000n, service: 0n });
  expect(totalFee(fees)).toBe(100_000n);
});

test("each signature above one costs USD 0.0001, each byte above 1,350 USD 0.00001", () => {
  const plain = totalFee(computeFees({ signatures: 1, bytes: 1_350, service: 0n, rate: RATE }));
  const twoSigned = totalFee(computeFees({ signatures: 2, bytes: 1_350, service: 0n, rate: RATE }));
  const longer = totalFee(computeFees({ signatures: 1, bytes: 1_351, service: 0n, rate: RATE }));
  expect(twoSigned - plain).toBe(100_000n);
  expect(longer - plain).toBe(10_000n);
});

test("fees follow the exchange rate, rounded down to the tinybar", () => {
  const rate = { hbarEquivalent: 30_000, centEquivalent: 700_001, expirationSeconds: 0 };
  expect(computeFees({ signatures: 1, bytes: 0, service: 1n, rate })).toEqual({
    node: 4_285n,
    network: 38_571n,
    service: 0n,
  });
});

test("the schedule holds exact tinycents", () => {
  expect(FEE_SCHEDULE.service.consensusSubmitMessage.messageBytes.each).toBe(6_800n);
  expect(FEE_SCHEDULE.service.tokenCreation.base).toBe(9_999_000_000n);
  expect(totalFee(NO_FEES)).toBe(0n);
});
