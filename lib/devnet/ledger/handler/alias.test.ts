import { describe, expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import type { AccountId } from "../../../hedera/id.ts";
import {
  accountAmounts,
  ecdsaSigner,
  ed25519Signer,
  hbarTransfer,
  LedgerFixture,
  OPERATOR,
} from "../fixture.ts";
import { TOTAL_SUPPLY } from "../genesis.ts";
import { keyOf } from "../key/key.ts";
import { evmAddressOf } from "../key/verify.ts";
import { accountIdOf, wireAccountId, wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTransactionId } from "../wire/transaction-id.ts";

const [owner, other] = [ecdsaSigner(), ecdsaSigner()];
const alice = ed25519Signer();

function addressOf(key: proto.IKey): Uint8Array {
  const decoded = keyOf(key);
  const address = decoded?.kind === "ECDSA_SECP256K1" ? evmAddressOf(decoded) : null;
  if (!address) throw new Error("no ECDSA key");
  return address;
}

const keyAlias = (key: proto.IKey) => proto.Key.encode(key).finish();

function to(alias: Uint8Array, tinybars = 500n): proto.ITransactionBody {
  const amounts = [
    ...accountAmounts({ "0.0.2": -tinybars }),
    { accountID: { alias }, amount: toLong(tinybars) },
  ];
  return { cryptoTransfer: { transfers: { accountAmounts: amounts } } };
}

describe("a transfer to an EVM address that nobody has", () => {
  test("creates a hollow account for it, in a record of its own right before", () => {
    const fixture = new LedgerFixture();
    const [creation, transfer] = fixture.run(to(addressOf(owner.key)));
    expect(creation?.record).toMatchObject({
      type: "CRYPTOCREATEACCOUNT",
      result: "SUCCESS",
      entity: "0.0.1001",
      nonce: 1,
      parentConsensusTimestamp: null,
      chargedFee: 50_000_000n,
      payer: transfer?.record.payer,
      validStart: transfer?.record.validStart,
    });
    expect(transfer?.record).toMatchObject({ result: "SUCCESS", nonce: 0, chargedFee: 100_000n });
    expect(transfer?.record.consensusTimestamp).toBe((creation?.record.consensusTimestamp ?? 0n) + 1n);
    expect(fixture.ledger.accounts.get("0.0.1001")).toMatchObject({
      key: null,
      balance: 500n,
      alias: addressOf(owner.key),
      maxAutomaticAssociations: -1,
    });
    for (const { record } of fixture.items) {
      expect(record.transfers.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
    }
    expect(fixture.totalHbar).toBe(TOTAL_SUPPLY);
  });

  test("finds the account the next time", () => {
    const fixture = new LedgerFixture();
    fixture.run(to(addressOf(owner.key)));
    expect(fixture.run(to(addressOf(owner.key))).length).toBe(1);
    expect(fixture.balance("0.0.1001")).toBe(1_000n);
  });

  test("is told by the receipts of its children", () => {
    const fixture = new LedgerFixture();
    const [, transfer] = fixture.run(to(addressOf(owner.key)));
    if (!transfer) throw new Error("no transfer");
    const transactionID = wireTransactionId(transfer.record);
    const query = { transactionGetReceipt: { transactionID, includeChildReceipts: true } };
    const { transactionGetReceipt } = proto.Response.decode(
      fixture.ledger.query(proto.Query.encode(query).finish()),
    );
    const children = transactionGetReceipt?.childTransactionReceipts ?? [];
    expect(children.map(({ accountID }) => accountIdOf(accountID))).toEqual(["0.0.1001"]);
  });

  test("leaves neither account nor record where it fails", () => {
    const fixture = new LedgerFixture();
    const poor = fixture.createAccount(alice.key, 1n);
    const amounts = [
      ...accountAmounts({ [poor]: -200_000_000n, "0.0.2": 199_999_999n }),
      { accountID: { alias: addressOf(owner.key) }, amount: toLong(1n) },
    ];
    const items = fixture.run(
      { cryptoTransfer: { transfers: { accountAmounts: amounts } } },
      { signers: [OPERATOR, alice] },
    );
    expect(items.map(({ record }) => record.result)).toEqual(["INSUFFICIENT_ACCOUNT_BALANCE"]);
    expect(fixture.ledger.accounts.has("0.0.1002")).toBe(false);
    expect(fixture.ledger.precheck(fixture.transaction(to(addressOf(owner.key)))).status).toBe("OK");
  });

  test("is refused for more than three at once, and for what is no address and no key", () => {
    const fixture = new LedgerFixture();
    const four = Array.from({ length: 4 }, () => ({
      accountID: { alias: addressOf(ecdsaSigner().key) },
      amount: toLong(1n),
    }));
    const accountAmountsOfFour = [...accountAmounts({ "0.0.2": -4n }), ...four];
    expect(fixture.result({ cryptoTransfer: { transfers: { accountAmounts: accountAmountsOfFour } } })).toBe(
      "MAX_CHILD_RECORDS_EXCEEDED",
    );
    expect(fixture.result(to(new Uint8Array(19)))).toBe("INVALID_ALIAS_KEY");
    expect(fixture.result(to(new Uint8Array(20).fill(0)))).toBe("INVALID_ACCOUNT_ID");
  });

  test("creates it in a batch as well, and not at all where the batch fails", () => {
    const batch = (last: proto.ITransactionBody) => {
      const fixture = new LedgerFixture();
      const members = [to(addressOf(owner.key)), last].map((data) => fixture.member(data, OPERATOR.key));
      const items = fixture.run({ atomicBatch: { transactions: members } });
      return { fixture, types: items.map(({ record }) => `${record.type} ${record.nonce}`) };
    };
    const good = batch(hbarTransfer({ "0.0.2": -1n, "0.0.98": 1n }));
    expect(good.types).toEqual([
      "CRYPTOCREATEACCOUNT 1",
      "ATOMICBATCH 0",
      "CRYPTOTRANSFER 0",
      "CRYPTOTRANSFER 0",
    ]);
    expect(good.fixture.balance("0.0.1001")).toBe(500n);
    const bad = batch(hbarTransfer({ "0.0.98": -(2n ** 60n), "0.0.2": 2n ** 60n }));
    expect(bad.types).toEqual(["ATOMICBATCH 0", "CRYPTOTRANSFER 0", "CRYPTOTRANSFER 0"]);
    expect(bad.fixture.ledger.accounts.has("0.0.1001")).toBe(false);
    expect(bad.fixture.totalHbar).toBe(TOTAL_SUPPLY);
  });
});

describe("a transfer to a public key that nobody has", () => {
  test.each([
    ["ED25519", alice.key],
    ["ECDSA", owner.key],
  ])("creates an account with it (%s)", (_kind, key) => {
    const fixture = new LedgerFixture();
    fixture.run(to(keyAlias(key)));
    expect(fixture.ledger.accounts.get("0.0.1001")).toMatchObject({ key: keyAlias(key), balance: 500n });
    fixture.run(to(keyAlias(key)));
    expect(fixture.balance("0.0.1001")).toBe(1_000n);
  });

  test("of ECDSA makes the account known by its EVM address, too", () => {
    const fixture = new LedgerFixture();
    fixture.run(to(keyAlias(owner.key)));
    fixture.run(to(addressOf(owner.key)));
    expect(fixture.balance("0.0.1001")).toBe(1_000n);
    const twice = [
      ...accountAmounts({ "0.0.2": -2n }),
      { accountID: { alias: addressOf(owner.key) }, amount: toLong(1n) },
      { accountID: wireAccountId("0.0.1001"), amount: toLong(1n) },
    ];
    expect(fixture.result({ cryptoTransfer: { transfers: { accountAmounts: twice } } })).toBe(
      "ACCOUNT_REPEATED_IN_ACCOUNT_AMOUNTS",
    );
  });

  test("can be of tokens, with which the account is then associated", () => {
    const fixture = new LedgerFixture();
    const treasury = fixture.createAccount(alice.key);
    const token = fixture.createToken(treasury, alice);
    const transfers = [
      ...accountAmounts({ [treasury]: -7n }),
      { accountID: { alias: keyAlias(owner.key) }, amount: toLong(7n) },
    ];
    const data = { cryptoTransfer: { tokenTransfers: [{ token: wireTokenId(token), transfers }] } };
    expect(fixture.run(data, { signers: [OPERATOR, alice] }).map(({ record }) => record.result)).toEqual([
      "SUCCESS",
      "SUCCESS",
    ]);
    expect(fixture.ledger.relations.get(`0.0.1003/${token}`)).toMatchObject({ balance: 7n, automatic: true });
  });
});

describe("a hollow account", () => {
  function hollow() {
    const fixture = new LedgerFixture();
    fixture.run(to(addressOf(owner.key), 300_000_000n));
    const id: AccountId = "0.0.1001";
    return { fixture, id, pay: hbarTransfer({ [id]: -1n, "0.0.2": 1n }) };
  }

  test("gets its key with the first transaction that the owner of its address pays for", () => {
    const { fixture, id, pay } = hollow();
    expect(fixture.result(pay, { payer: id, signers: [other] })).toBe("INVALID_SIGNATURE");
    const items = fixture.run(pay, { payer: id, signers: [owner] });
    expect(items.map(({ record }) => `${record.type} ${record.nonce} ${record.result}`)).toEqual([
      "CRYPTOUPDATEACCOUNT 1 SUCCESS",
      "CRYPTOTRANSFER 0 SUCCESS",
    ]);
    expect(fixture.ledger.accounts.get(id)?.key).toEqual(keyAlias(owner.key));
    expect(fixture.run(pay, { payer: id, signers: [owner] }).length).toBe(1);
  });

  test("or signs for", () => {
    const { fixture, id, pay } = hollow();
    expect(fixture.result(pay)).toBe("INVALID_SIGNATURE");
    expect(fixture.run(pay, { signers: [OPERATOR, owner] }).length).toBe(2);
    expect(fixture.ledger.accounts.get(id)?.key).toEqual(keyAlias(owner.key));
  });

  test("keeps it where that transaction fails", () => {
    const { fixture, id } = hollow();
    const tooMuch = hbarTransfer({ [id]: -(10n ** 12n), "0.0.2": 10n ** 12n });
    const items = fixture.run(tooMuch, { signers: [OPERATOR, owner] });
    expect(items.map(({ record }) => record.result)).toEqual(["SUCCESS", "INSUFFICIENT_ACCOUNT_BALANCE"]);
    expect(fixture.ledger.accounts.get(id)?.key).toEqual(keyAlias(owner.key));
  });

  test("cannot be got by a schedule", () => {
    const { fixture, pay } = hollow();
    expect(fixture.result({ scheduleCreate: { scheduledTransactionBody: pay } })).toBe(
      "UNRESOLVABLE_REQUIRED_SIGNERS",
    );
  });
});
