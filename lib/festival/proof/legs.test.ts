import { describe, expect, test } from "bun:test";
import { parseTransactionId } from "../../hedera/transaction-id.ts";
import type { MirrorTransaction } from "../../mirror/transaction.ts";
import { compare, type Expectation, keyOf } from "./legs.ts";

const ID = parseTransactionId("0.0.1002@1700000000.000000011");
const PAYMENT: Expectation = {
  transaction: ID,
  scheduled: false,
  legs: [
    { account: "0.0.1002", token: "0.0.2001", amount: -100n },
    { account: "0.0.1003", token: "0.0.2001", amount: 100n },
  ],
};
const SWAP: Expectation = {
  transaction: ID,
  scheduled: true,
  legs: [
    { account: "0.0.1006", token: null, amount: 500n },
    { account: "0.0.1006", token: "0.0.2002", amount: -90n },
  ],
};

const TRANSACTION: MirrorTransaction = {
  id: ID,
  scheduled: false,
  nonce: 0,
  type: "CRYPTOTRANSFER",
  result: "SUCCESS",
  timestamp: 1n,
  parentTimestamp: null,
  entity: null,
  memo: "",
  node: null,
  chargedFee: 0n,
  maxFee: 0n,
  validDurationSeconds: 180n,
  hash: new Uint8Array(48),
  transfers: [],
  tokenTransfers: [
    { token: "0.0.2001", account: "0.0.1002", amount: -100n },
    { token: "0.0.2001", account: "0.0.1003", amount: 100n },
  ],
};
const EXECUTED: MirrorTransaction = {
  ...TRANSACTION,
  scheduled: true,
  transfers: [{ account: "0.0.1006", amount: 500n }],
  tokenTransfers: [{ token: "0.0.2002", account: "0.0.1006", amount: -90n }],
};

describe("what the log says was moved", () => {
  test("is found if the mirror node shows exactly that", () => {
    expect(compare(PAYMENT, [TRANSACTION])).toBe("found");
    expect(compare(SWAP, [TRANSACTION, EXECUTED])).toBe("found");
  });

  test("is not found where the mirror node has no such transaction", () => {
    expect(compare(PAYMENT, null)).toBe("not found");
    expect(compare(SWAP, [TRANSACTION])).toBe("not found");
  });

  test.each<[string, Partial<MirrorTransaction>]>([
    ["failed", { result: "INSUFFICIENT_TOKEN_BALANCE" }],
    ["moved less", { tokenTransfers: [{ token: "0.0.2001", account: "0.0.1003", amount: 99n }] }],
    ["moved another token", { tokenTransfers: [{ token: "0.0.2002", account: "0.0.1003", amount: 100n }] }],
    [
      "moved it to somebody else",
      { tokenTransfers: [{ token: "0.0.2001", account: "0.0.1004", amount: 100n }] },
    ],
  ])("is different if the transaction %s", (_how, change) => {
    expect(compare(PAYMENT, [{ ...TRANSACTION, ...change }])).toBe("different");
  });

  test("is different if somebody else had a part in it, or somebody else paid", () => {
    const legs = TRANSACTION.tokenTransfers;
    const more = { token: "0.0.2001", account: "0.0.1009" } as const;
    const third = [...legs, { ...more, amount: 5n }, { ...more, amount: -5n }];
    expect(compare(PAYMENT, [{ ...TRANSACTION, tokenTransfers: third }])).toBe("different");
    const other = legs.map((leg) => (leg.amount < 0n ? { ...leg, account: more.account } : leg));
    expect(compare(PAYMENT, [{ ...TRANSACTION, tokenTransfers: other }])).toBe("different");
  });

  test("is different if one leg of a swap is missing", () => {
    expect(compare(SWAP, [{ ...EXECUTED, transfers: [] }])).toBe("different");
  });
});

test("a scheduled transaction is not taken for the one that created its schedule", () => {
  expect(keyOf(SWAP)).not.toBe(keyOf({ ...SWAP, scheduled: false }));
});
