import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { addSeconds, parseTimestamp, type Timestamp } from "../hedera/timestamp.ts";
import { formatTransactionId } from "../hedera/transaction-id.ts";
import {
  allocateBase,
  dueTime,
  effectId,
  effectMemo,
  FAILURE_PART,
  type Obligation,
  partOf,
  slotOf,
  windowAt,
  windowEnd,
  windowOfId,
} from "./obligation.ts";

const BASE = parseTimestamp("1700000000.000001230");
const OWED: Obligation = {
  id: "12.3",
  kind: "settle",
  agent: "coordinator",
  payer: "0.0.1002",
  taskId: "1.1.1",
  index: 1,
  due: BASE,
  base: BASE,
};
const at = (offset: bigint, seconds = 0) => addSeconds(BASE, seconds) + offset;

describe("when an obligation is due", () => {
  test("is its entry's time, without what is finer than a microsecond, and whole seconds more", () => {
    const created = parseTimestamp("1700000000.123456789");
    expect(dueTime(created, 0)).toBe(parseTimestamp("1700000000.123456000"));
    expect(dueTime(created, 90)).toBe(parseTimestamp("1700000090.123456000"));
  });
});

describe("a base", () => {
  const none: ReadonlySet<bigint> = new Set();

  test("is the first multiple of 10 ns at or after the due time", () => {
    expect(allocateBase(1_000n, none)).toBe(1_000n);
    expect(allocateBase(1_001n, none)).toBe(1_010n);
    expect(allocateBase(1_009n, none)).toBe(1_010n);
  });

  test("leaves out the slots that others hold, however many lie side by side", () => {
    expect(allocateBase(1_000n, new Set([1_000n, 1_010n, 1_030n]))).toBe(1_020n);
  });

  test("is not one that another obligation comes to windows later", () => {
    const other = BASE;
    for (const windows of [0, 1, 5, 1_000]) {
      expect(allocateBase(addSeconds(BASE, 180 * windows), new Set([slotOf(other)]))).toBe(
        addSeconds(BASE, 180 * windows) + 10n,
      );
    }
    expect(allocateBase(addSeconds(BASE, 179), new Set([slotOf(other)]))).toBe(addSeconds(BASE, 179));
  });

  test("never shares an id with another, in any window, in any part", () => {
    const due = fc.bigInt({ min: BASE, max: addSeconds(BASE, 400) });
    fc.assert(
      fc.property(fc.array(due, { minLength: 2, maxLength: 6 }), (dues) => {
        const taken = new Set<bigint>();
        const ids = new Set<string>();
        for (const time of dues) {
          const base = allocateBase(time, taken);
          taken.add(slotOf(base));
          for (let k = 0; k < 4; k++) {
            for (let part = 0; part <= FAILURE_PART; part++) {
              ids.add(formatTransactionId(effectId({ ...OWED, base }, k, part)));
            }
          }
        }
        expect(ids.size).toBe(dues.length * 4 * 10);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the window that is open", () => {
  test.each([
    ["long before the base", at(0n, -1_000), 0],
    ["at the base", at(0n), 0],
    ["a nanosecond after it", at(1n), 0],
    ["at the first one's very end", at(0n, 180), 0],
    ["a nanosecond past its end", at(1n, 180), 1],
    ["at the second one's very end", at(0n, 360), 1],
    ["a nanosecond past that", at(1n, 360), 2],
    ["a year later", at(1n, 180 * 175_200), 175_200],
  ])("with the log %s", (_, logTime, window) => {
    expect(windowAt(OWED, logTime)).toBe(window);
  });

  test("is the one that has not ended, and all before it have", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 14n }), (offset) => {
        const logTime: Timestamp = at(offset);
        const k = windowAt(OWED, logTime);
        expect(logTime <= windowEnd(OWED, k)).toBe(true);
        if (k > 0) expect(logTime > windowEnd(OWED, k - 1)).toBe(true);
      }),
    );
  });

  test("ends 180 seconds after it began, where the next one begins", () => {
    expect(windowEnd(OWED, 0)).toBe(at(0n, 180));
    expect(windowEnd(OWED, 2)).toBe(effectId(OWED, 3).validStart);
  });
});

describe("the transaction id of an effect", () => {
  test("is a function of the obligation, the window and the part", () => {
    expect(formatTransactionId(effectId(OWED, 0))).toBe("0.0.1002@1700000000.000001230");
    expect(formatTransactionId(effectId(OWED, 2, 9))).toBe("0.0.1002@1700000360.000001239");
  });

  test("is known again, with its window and part", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 0, max: FAILURE_PART }), (k, part) => {
        const id = effectId(OWED, k, part);
        expect(partOf(OWED, id)).toBe(part);
        expect(windowOfId(OWED, id)).toBe(k);
      }),
    );
  });

  test.each([
    ["of another payer", { payer: "0.0.1003", validStart: BASE }],
    ["a nanosecond before the base", { payer: OWED.payer, validStart: BASE - 1n }],
    ["a window before the base", { payer: OWED.payer, validStart: at(0n, -180) }],
    ["past the last part", { payer: OWED.payer, validStart: at(10n) }],
    ["in the middle of a window", { payer: OWED.payer, validStart: at(0n, 90) }],
    ["a nanosecond before the next window", { payer: OWED.payer, validStart: at(-1n, 180) }],
  ] as const)("is none of its own where it is %s", (_, id) => {
    expect(partOf(OWED, id)).toBeNull();
  });

  test("goes with a memo that names log, obligation and window", () => {
    expect(effectMemo("0.0.3001", OWED, 2)).toBe("fest 0.0.3001 12.3 2");
  });
});
