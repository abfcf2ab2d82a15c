import { expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import fc from "fast-check";
import { FestError } from "../../hedera/error.ts";
import { accountAmounts, ed25519Signer, hbarTransfer, LedgerFixture, OPERATOR, PERIOD } from "./fixture.ts";
import { TOTAL_SUPPLY } from "./genesis.ts";
import { wireAccountId, wireTokenId, wireTopicId } from "./wire/id.ts";
import { toLong } from "./wire/int64.ts";

const SEED = 7;
/** With the queries to the REST API (`rest.fuzz.test.ts`), 100,000 in all. */
const SIGNED_RUNS = 20_000;
const BYTES_RUNS = 40_000;
const QUERY_RUNS = 20_000;
const TIMEOUT_MS = 60_000;
const alice = ed25519Signer();

/** One transaction of each kind, to be damaged. */
function bodies(fixture: LedgerFixture): proto.ITransactionBody[] {
  const id = fixture.createAccount(alice.key, 1_000n);
  const account = wireAccountId(id);
  const token = wireTokenId(fixture.createToken(id, alice, { supplyKey: alice.key }));
  const topicID = wireTopicId(fixture.createTopic({ submitKey: alice.key }));
  const transfers = accountAmounts({ [id]: -1n, "0.0.2": 1n });
  const scheduledTransactionBody = {
    transactionFee: toLong(100_000_000n),
    cryptoTransfer: { transfers: { accountAmounts: transfers } },
  };
  const member = fixture.member(hbarTransfer({ "0.0.2": 0n }), OPERATOR.key);
  return [
    { cryptoTransfer: { transfers: { accountAmounts: transfers }, tokenTransfers: [{ token, transfers }] } },
    {
      cryptoCreateAccount: { key: { keyList: { keys: [alice.key, OPERATOR.key] } }, autoRenewPeriod: PERIOD },
    },
    { cryptoUpdateAccount: { accountIDToUpdate: account, key: alice.key, memo: { value: "memo" } } },
    { consensusCreateTopic: { submitKey: alice.key, autoRenewPeriod: PERIOD, autoRenewAccount: account } },
    { consensusUpdateTopic: { topicID, memo: { value: "memo" }, submitKey: alice.key } },
    {
      consensusSubmitMessage: { topicID, message: Buffer.from("hello"), chunkInfo: { number: 1, total: 1 } },
    },
    { tokenCreation: { name: "T", symbol: "T", treasury: account, autoRenewPeriod: PERIOD } },
    { tokenUpdate: { token, name: "New", supplyKey: alice.key } },
    { tokenMint: { token, amount: toLong(1n) } },
    { tokenAssociate: { account: wireAccountId("0.0.2"), tokens: [token] } },
    { scheduleCreate: { scheduledTransactionBody, payerAccountID: account } },
    { scheduleSign: { scheduleID: { scheduleNum: toLong(1_004n) } } },
    { atomicBatch: { transactions: [member] } },
  ];
}

const damage = fc.array(fc.record({ at: fc.nat(400), to: fc.nat(255) }), { minLength: 1, maxLength: 3 });

function damaged(bytes: Uint8Array, changes: readonly { at: number; to: number }[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const { at, to } of changes) copy[at % copy.length] = to;
  return copy;
}

test(
  "whatever is sent and well signed, the ledger answers with a status of Hedera's and keeps its books",
  () => {
    const fixture = new LedgerFixture();
    const originals = bodies(fixture).map((data) => proto.TransactionBody.encode(data).finish());
    const attempt = fc.record({ original: fc.constantFrom(...originals), changes: damage });
    fc.assert(
      fc.property(attempt, ({ original, changes }) => {
        // A fresh id and signatures that are right, so that the damage gets past pre-check.
        const header = proto.SignedTransaction.decode(fixture.signed({}, { signers: [] })).bodyBytes;
        const bodyBytes = Buffer.concat([header, damaged(original, changes)]);
        const sigMap = { sigPair: [OPERATOR, alice].map((signer) => signer.sign(bodyBytes)) };
        const signedTransactionBytes = proto.SignedTransaction.encode({ bodyBytes, sigMap }).finish();
        expectStatus(fixture, proto.Transaction.encode({ signedTransactionBytes }).finish());
      }),
      { numRuns: SIGNED_RUNS, seed: SEED },
    );
    expect(fixture.totalHbar).toBe(TOTAL_SUPPLY);
    expect(fixture.items.filter(({ record }) => record.result === "SUCCESS").length).toBeGreaterThan(500);
  },
  TIMEOUT_MS,
);

test(
  "whatever bytes are sent, the ledger answers with a status of Hedera's",
  () => {
    const fixture = new LedgerFixture();
    const originals = bodies(fixture).map((data) =>
      fixture.transaction(data, { signers: [OPERATOR, alice] }),
    );
    const bytes = fc.oneof(
      {
        weight: 9,
        arbitrary: fc.tuple(fc.constantFrom(...originals), damage).map((pair) => damaged(...pair)),
      },
      fc.uint8Array({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(bytes, (wire) => expectStatus(fixture, wire)),
      { numRuns: BYTES_RUNS, seed: SEED },
    );
    expect(fixture.totalHbar).toBe(TOTAL_SUPPLY);
  },
  TIMEOUT_MS,
);

function expectStatus(fixture: LedgerFixture, wire: Uint8Array): void {
  const { status, transaction } = fixture.ledger.precheck(wire);
  if (transaction) fixture.ledger.handle(transaction);
  expect(proto.ResponseCodeEnum[status]).toBeNumber();
  expect(fixture.faults.length).toBe(0);
}

test("whatever is asked, the ledger answers or says that it is no query", () => {
  const { ledger } = new LedgerFixture();
  const questions: proto.IQuery[] = [
    { transactionGetReceipt: { transactionID: { accountID: wireAccountId("0.0.2") } } },
    { cryptogetAccountBalance: { accountID: wireAccountId("0.0.2") } },
    { tokenGetInfo: { token: wireTokenId("0.0.1001"), header: { payment: {} } } },
  ];
  const originals = questions.map((question) => proto.Query.encode(question).finish());
  fc.assert(
    fc.property(fc.constantFrom(...originals), damage, (original, changes) => {
      try {
        ledger.query(damaged(original, changes));
      } catch (error) {
        expect(error).toBeInstanceOf(FestError);
        expect(error).toMatchObject({ code: "QUERY_INVALID" });
      }
    }),
    { numRuns: QUERY_RUNS, seed: SEED },
  );
});
