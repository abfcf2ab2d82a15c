import { expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import fc from "fast-check";
import { FestError } from "../../hedera/error.ts";
import { accountAmounts, ed25519Signer, hbarTransfer, LedgerFixture, OPERATOR, PERIOD } from "./fixture.ts";
import { TOTAL_SUPPLY } from "./genesis.ts";
import { wireAccountId, wireTokenId, wireTopicId } from "./wire/id.ts";
import { toLong } from "./wire/int64.ts";

const RUNS = 3_000;
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

test("whatever is sent, the ledger answers with a status of Hedera's and keeps its books", () => {
  const fixture = new LedgerFixture();
  const originals = bodies(fixture).map((data) => proto.TransactionBody.encode(data).finish());
  const attempt = fc.record({
    original: fc.constantFrom(...originals),
    changes: damage,
    envelope: fc.boolean(),
  });
  fc.assert(
    fc.property(attempt, ({ original, changes, envelope }) => {
      // A fresh id and signatures that are right, so that the damage gets past pre-check.
      const header = proto.SignedTransaction.decode(fixture.signed({})).bodyBytes;
      const bodyBytes = Buffer.concat([header, envelope ? original : damaged(original, changes)]);
      const sigMap = { sigPair: [OPERATOR, alice].map((signer) => signer.sign(bodyBytes)) };
      const signed = proto.SignedTransaction.encode({ bodyBytes, sigMap }).finish();
      const signedTransactionBytes = envelope ? damaged(signed, changes) : signed;
      const bytes = proto.Transaction.encode({ signedTransactionBytes }).finish();
      const { status, transaction } = fixture.ledger.precheck(bytes);
      if (transaction) fixture.ledger.handle(transaction);
      expect(proto.ResponseCodeEnum[status]).toBeNumber();
      expect(fixture.faults).toEqual([]);
    }),
    { numRuns: RUNS, seed: 7 },
  );
  expect(fixture.totalHbar).toBe(TOTAL_SUPPLY);
  expect(fixture.items.filter(({ record }) => record.result === "SUCCESS").length).toBeGreaterThan(50);
});

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
    { numRuns: RUNS, seed: 7 },
  );
});
