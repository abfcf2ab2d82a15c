import { expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import { fromLong, toLong } from "./int64.ts";

const VALUES = [
  0n,
  1n,
  -1n,
  0xffff_ffffn,
  0x1_0000_0000n,
  -0x1_0000_0001n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];

test.each(VALUES)("%p survives protobuf int64 and sint64", (value) => {
  const duration = proto.Duration.decode(proto.Duration.encode({ seconds: toLong(value) }).finish());
  expect(fromLong(duration.seconds)).toBe(value);
  const amount = proto.AccountAmount.decode(proto.AccountAmount.encode({ amount: toLong(value) }).finish());
  expect(fromLong(amount.amount)).toBe(value);
});

test("an unsigned 64-bit integer above 2^63 stays positive", () => {
  const bytes = proto.TransactionBody.encode({ transactionFee: toLong(-1n) }).finish();
  expect(fromLong(proto.TransactionBody.decode(bytes).transactionFee)).toBe(2n ** 64n - 1n);
});

test("an absent field is 0", () => {
  expect(fromLong(null)).toBe(0n);
  expect(fromLong(undefined)).toBe(0n);
});
