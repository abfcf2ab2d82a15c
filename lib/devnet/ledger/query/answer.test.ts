import { describe, expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import {
  accountAmounts,
  ed25519Signer,
  hbarTransfer,
  LedgerFixture,
  type TransactionOptions,
} from "../fixture.ts";
import type { Status } from "../status.ts";
import { wireAccountId, wireTopicId } from "../wire/id.ts";
import { fromLong } from "../wire/int64.ts";
import { wireTransactionId } from "../wire/transaction-id.ts";

const COST: proto.IQueryHeader = { responseType: proto.ResponseType.COST_ANSWER };

function ask(fixture: LedgerFixture, query: proto.IQuery): proto.Response {
  return proto.Response.decode(fixture.ledger.query(proto.Query.encode(query).finish()));
}

function statusOf(header: proto.IResponseHeader | null | undefined): string | undefined {
  return proto.ResponseCodeEnum[header?.nodeTransactionPrecheckCode ?? -1];
}

function payment(
  fixture: LedgerFixture,
  tinybars: bigint,
  options: TransactionOptions = {},
): proto.IQueryHeader {
  const transfer = hbarTransfer({ "0.0.2": -tinybars, "0.0.3": tinybars });
  return { payment: proto.Transaction.decode(fixture.transaction(transfer, options)) };
}

describe("a receipt", () => {
  const id = (fixture: LedgerFixture) => ({
    payer: "0.0.2" as const,
    validStart: fixture.time,
    scheduled: false,
    nonce: 0,
  });

  test("is unknown while the transaction is on its way, and there once it is not", () => {
    const fixture = new LedgerFixture();
    const query = { transactionGetReceipt: { transactionID: wireTransactionId(id(fixture)) } };
    const receipt = () => ask(fixture, query).transactionGetReceipt;
    expect(statusOf(receipt()?.header)).toBe("RECEIPT_NOT_FOUND");
    const bytes = fixture.transaction(hbarTransfer({ "0.0.2": -1n, "0.0.98": 1n }), {
      validStart: fixture.time,
    });
    const { transaction } = fixture.ledger.precheck(bytes);
    expect(statusOf(receipt()?.header)).toBe("OK");
    expect(receipt()?.receipt?.status).toBe(proto.ResponseCodeEnum.UNKNOWN);
    if (transaction) fixture.ledger.handle(transaction);
    expect(receipt()?.receipt?.status).toBe(proto.ResponseCodeEnum.SUCCESS);
    expect(receipt()?.receipt?.exchangeRate?.currentRate).toMatchObject({
      hbarEquiv: 30_000,
      centEquiv: 300_000,
    });
  });

  test("is kept for three minutes", () => {
    const fixture = new LedgerFixture();
    const query = { transactionGetReceipt: { transactionID: wireTransactionId(id(fixture)) } };
    fixture.run(hbarTransfer({ "0.0.2": -1n, "0.0.98": 1n }), { validStart: fixture.time });
    const status = () => statusOf(ask(fixture, query).transactionGetReceipt?.header);
    fixture.advance(180);
    fixture.ledger.tick();
    expect(status()).toBe("OK");
    fixture.advance(1);
    fixture.ledger.tick();
    expect(status()).toBe("RECEIPT_NOT_FOUND");
  });

  test("comes with those of duplicates where they are asked for", () => {
    const fixture = new LedgerFixture();
    const bytes = fixture.transaction(hbarTransfer({ "0.0.2": -1n, "0.0.98": 1n }), {
      validStart: fixture.time,
    });
    const { transaction } = fixture.ledger.precheck(bytes);
    if (!transaction) throw new Error("pre-check refused");
    fixture.ledger.handle(transaction);
    fixture.ledger.handle(transaction);
    const question = { transactionID: wireTransactionId(id(fixture)), includeDuplicates: true };
    const answer = ask(fixture, { transactionGetReceipt: question }).transactionGetReceipt;
    expect(answer?.receipt?.status).toBe(proto.ResponseCodeEnum.SUCCESS);
    expect(answer?.duplicateTransactionReceipts?.map(({ status }) => status)).toEqual([
      proto.ResponseCodeEnum.DUPLICATE_TRANSACTION,
    ]);
  });
});

describe("a query that costs something", () => {
  const info = (header: proto.IQueryHeader) => ({
    cryptoGetInfo: { accountID: wireAccountId("0.0.98"), header },
  });

  test("says what it costs: USD 0.0001", () => {
    const header = ask(new LedgerFixture(), info(COST)).cryptoGetInfo?.header;
    expect(statusOf(header)).toBe("OK");
    expect(fromLong(header?.cost)).toBe(100_000n);
  });

  test("is answered for a payment, which is executed", () => {
    const fixture = new LedgerFixture();
    const answer = ask(fixture, info(payment(fixture, 100_000n))).cryptoGetInfo;
    expect(statusOf(answer?.header)).toBe("OK");
    expect(answer?.accountInfo?.accountID).toMatchObject({ accountNum: { low: 98 } });
    expect(fixture.items.at(-1)?.record).toMatchObject({ type: "CRYPTOTRANSFER", result: "SUCCESS" });
    expect(fixture.balance("0.0.3")).toBe(110_000n);
  });

  test.each<[string, Status, (fixture: LedgerFixture) => proto.IQueryHeader]>([
    ["no payment", "INSUFFICIENT_TX_FEE", () => ({})],
    ["too little", "INSUFFICIENT_TX_FEE", (fixture) => payment(fixture, 99_999n)],
    [
      "a payment that nobody signed",
      "INVALID_SIGNATURE",
      (fixture) => payment(fixture, 100_000n, { signers: [ed25519Signer()] }),
    ],
    [
      "a payment to somebody else",
      "INVALID_RECEIVING_NODE_ACCOUNT",
      (fixture) => ({
        payment: proto.Transaction.decode(
          fixture.transaction({
            cryptoTransfer: {
              transfers: { accountAmounts: accountAmounts({ "0.0.2": -100_000n, "0.0.98": 100_000n }) },
            },
          }),
        ),
      }),
    ],
    [
      "something other than a transfer",
      "INVALID_TRANSACTION_BODY",
      (fixture) => ({
        payment: proto.Transaction.decode(fixture.transaction({ tokenMint: {} })),
      }),
    ],
  ])("is refused for %s: %s", (_what, status, header) => {
    const fixture = new LedgerFixture();
    expect(statusOf(ask(fixture, info(header(fixture))).cryptoGetInfo?.header)).toBe(status);
    expect(fixture.items).toEqual([]);
  });

  test("is not paid for where there is no answer", () => {
    const fixture = new LedgerFixture();
    const header = payment(fixture, 100_000n);
    const answer = ask(fixture, { consensusGetTopicInfo: { topicID: wireTopicId("0.0.4242"), header } });
    expect(statusOf(answer.consensusGetTopicInfo?.header)).toBe("INVALID_TOPIC_ID");
    expect(fixture.items).toEqual([]);
  });
});

test("a query that the ledger does not know is not supported", () => {
  const answer = ask(new LedgerFixture(), { fileGetContents: {} });
  expect(statusOf(answer.fileGetContents?.header)).toBe("NOT_SUPPORTED");
});

test("bytes that are no query are refused as such", () => {
  const { ledger } = new LedgerFixture();
  expect(() => ledger.query(Buffer.from("nonsense"))).toThrow("protobuf Query");
  expect(() => ledger.query(new Uint8Array())).toThrow("no query");
});
