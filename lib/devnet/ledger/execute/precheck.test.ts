import { describe, expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import { TINYBARS_PER_HBAR } from "../../../hedera/amount.ts";
import { addSeconds } from "../../../hedera/timestamp.ts";
import { ed25519Signer, hbarTransfer, LedgerFixture, OPERATOR, type TransactionOptions } from "../fixture.ts";
import type { Status } from "../status.ts";
import { toLong } from "../wire/int64.ts";

const TRANSFER = hbarTransfer({ "0.0.2": -1n, "0.0.98": 1n });

function refusal(
  options: TransactionOptions | ((fixture: LedgerFixture) => TransactionOptions),
  data = TRANSFER,
): Status {
  const fixture = new LedgerFixture();
  const status = fixture.submit(data, typeof options === "function" ? options(fixture) : options);
  if (status !== "OK") expect(fixture.items).toEqual([]);
  return status;
}

test("a well-formed, signed and paid transaction is OK", () => {
  expect(refusal({})).toBe("OK");
});

describe("pre-check refuses", () => {
  test.each<[string, Status, TransactionOptions]>([
    ["a payer number that cannot be", "PAYER_ACCOUNT_NOT_FOUND", { payer: "0.0.0" }],
    ["a payer that does not exist", "PAYER_ACCOUNT_NOT_FOUND", { payer: "0.0.4242" }],
    ["a memo of more than 100 bytes", "MEMO_TOO_LONG", { memo: "é".repeat(51) }],
    ["a zero byte in the memo", "INVALID_ZERO_BYTE_IN_STRING", { memo: "a\0b" }],
    ["a negative maximum fee", "INSUFFICIENT_TX_FEE", { maxFee: -1n }],
    ["another node's account", "INVALID_NODE_ACCOUNT", { node: "0.0.4" }],
    ["a batch key outside of a batch", "BATCH_KEY_SET_ON_NON_INNER_TRANSACTION", { batchKey: OPERATOR.key }],
    ["a duration under 15 s", "INVALID_TRANSACTION_DURATION", { durationSeconds: 14 }],
    ["a duration over 180 s", "INVALID_TRANSACTION_DURATION", { durationSeconds: 181 }],
    ["no signature", "INVALID_SIGNATURE", { signers: [] }],
    ["somebody else's signature", "INVALID_SIGNATURE", { signers: [ed25519Signer()] }],
    ["two signatures that could be of one key", "KEY_PREFIX_MISMATCH", { signers: [OPERATOR, OPERATOR] }],
    ["a maximum fee under the node's and the network's", "INSUFFICIENT_TX_FEE", { maxFee: 99_999n }],
  ])("%s: %s", (_what, status, options) => {
    expect(refusal(options)).toBe(status);
  });

  test("a start in the future", () => {
    expect(refusal(({ time }) => ({ validStart: time + 1n }))).toBe("INVALID_TRANSACTION_START");
    expect(refusal(({ time }) => ({ validStart: time }))).toBe("OK");
  });

  test("what has less than 10 seconds of its validity left", () => {
    const started = (ago: number) => (fixture: LedgerFixture) => ({
      validStart: addSeconds(fixture.time, -ago),
    });
    expect(refusal(started(110))).toBe("OK");
    expect(refusal(started(111))).toBe("TRANSACTION_EXPIRED");
  });

  test("a transaction that it was given before", () => {
    const fixture = new LedgerFixture();
    const options = { validStart: fixture.time };
    expect(fixture.submit(TRANSFER, options)).toBe("OK");
    expect(fixture.submit(TRANSFER, options)).toBe("DUPLICATE_TRANSACTION");
    expect(fixture.items.length).toBe(1);
  });

  test("a type that the ledger does not know", () => {
    expect(refusal({}, { fileCreate: {} })).toBe("NOT_SUPPORTED");
    expect(refusal({}, {})).toBe("INVALID_TRANSACTION_BODY");
  });

  test("what the payer cannot afford, fees included", () => {
    const fixture = new LedgerFixture();
    const signer = ed25519Signer();
    const payer = fixture.createAccount(signer.key, 1n);
    const pay = (amount: bigint) =>
      fixture.submit(hbarTransfer({ [payer]: -amount, "0.0.98": amount }), { payer, signers: [signer] });
    expect(pay(TINYBARS_PER_HBAR)).toBe("INSUFFICIENT_PAYER_BALANCE");
    expect(pay(TINYBARS_PER_HBAR - 100_000n)).toBe("OK");
    expect(pay(0n)).toBe("INSUFFICIENT_PAYER_BALANCE");
  });

  test("a payer that was deleted", () => {
    const fixture = new LedgerFixture();
    const signer = ed25519Signer();
    const payer = fixture.createAccount(signer.key);
    const accountNum = toLong(1_001n);
    const cryptoDelete = { deleteAccountID: { accountNum }, transferAccountID: { accountNum: toLong(2n) } };
    expect(fixture.result({ cryptoDelete }, { signers: [OPERATOR, signer] })).toBe("SUCCESS");
    expect(fixture.submit(TRANSFER, { payer, signers: [signer] })).toBe("PAYER_ACCOUNT_DELETED");
  });
});

test("the refusal of a fee that is too low says what node and network want", () => {
  const fixture = new LedgerFixture();
  expect(fixture.ledger.precheck(fixture.transaction(TRANSFER, { maxFee: 1n }))).toEqual({
    status: "INSUFFICIENT_TX_FEE",
    cost: 100_000n,
    transaction: null,
  });
});

describe("of the bytes themselves, pre-check refuses", () => {
  const answer = (bytes: Uint8Array): Status => new LedgerFixture().ledger.precheck(bytes).status;

  test("more than 6,144 of them", () => {
    expect(answer(new Uint8Array(6_145))).toBe("TRANSACTION_OVERSIZE");
  });

  test("what is no protobuf", () => {
    expect(answer(Buffer.from("not a transaction"))).toBe("INVALID_TRANSACTION");
    const signedTransactionBytes = Buffer.from("not one either");
    expect(answer(proto.Transaction.encode({ signedTransactionBytes }).finish())).toBe("INVALID_TRANSACTION");
    const inner = proto.SignedTransaction.encode({
      bodyBytes: Buffer.from("0a7f", "hex"),
      sigMap: {},
    }).finish();
    expect(answer(proto.Transaction.encode({ signedTransactionBytes: inner }).finish())).toBe(
      "INVALID_TRANSACTION_BODY",
    );
  });

  test("nothing, or two forms of a transaction at once", () => {
    const signedTransactionBytes = new LedgerFixture().signed(TRANSFER);
    expect(answer(new Uint8Array())).toBe("INVALID_TRANSACTION_BODY");
    const both = { signedTransactionBytes, bodyBytes: Buffer.from([1]) };
    expect(answer(proto.Transaction.encode(both).finish())).toBe("INVALID_TRANSACTION");
  });
});

test("the older form, body bytes beside the signature map, is as good", () => {
  const fixture = new LedgerFixture();
  const { bodyBytes, sigMap } = proto.SignedTransaction.decode(fixture.signed(TRANSFER));
  const bytes = proto.Transaction.encode({ bodyBytes, sigMap: sigMap ?? null }).finish();
  expect(fixture.ledger.precheck(bytes).status).toBe("OK");
});
