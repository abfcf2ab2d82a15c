import { describe, expect, test } from "bun:test";
import type { AccountId, TokenId } from "../../../hedera/id.ts";
import {
  accountAmounts,
  ed25519Signer,
  hbarTransfer,
  LedgerFixture,
  OPERATOR,
  type Signer,
} from "../fixture.ts";
import { wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";

const [alice, bob] = [ed25519Signer(), ed25519Signer()];

/** Alice is the treasury of a token with 1,000 units; Bob has nothing to do with it yet. */
function scene(bobAssociations = 0) {
  const fixture = new LedgerFixture();
  const aliceId = fixture.createAccount(alice.key);
  const bobId = fixture.createAccount(bob.key, 100n, { maxAutomaticTokenAssociations: bobAssociations });
  return { fixture, aliceId, bobId, token: fixture.createToken(aliceId, alice) };
}

function tokenTransfer(token: TokenId, amounts: Readonly<Record<AccountId, bigint>>, decimals?: number) {
  const expectedDecimals = decimals === undefined ? null : { value: decimals };
  return {
    cryptoTransfer: {
      tokenTransfers: [{ token: wireTokenId(token), transfers: accountAmounts(amounts), expectedDecimals }],
    },
  };
}

function units(fixture: LedgerFixture, account: AccountId, token: TokenId): bigint | undefined {
  return fixture.ledger.relations.get(`${account}/${token}`)?.balance;
}

describe("HBAR", () => {
  test("moves between several parties, all debited ones having signed", () => {
    const { fixture, aliceId, bobId } = scene();
    const transfer = hbarTransfer({ [aliceId]: -7n, [bobId]: -3n, "0.0.98": 10n });
    expect(fixture.result(transfer, { signers: [OPERATOR, alice] })).toBe("INVALID_SIGNATURE");
    const [item] = fixture.run(transfer, { signers: [OPERATOR, alice, bob] });
    const amounts = new Map(item?.record.transfers.map(({ account, amount }) => [account, amount]));
    expect(item?.record.result).toBe("SUCCESS");
    expect(amounts.get(aliceId)).toBe(-7n);
    expect(amounts.get(bobId)).toBe(-3n);
    expect([...amounts.values()].reduce((sum, amount) => sum + amount)).toBe(0n);
  });

  test.each<[string, string, Record<string, bigint>]>([
    ["what does not sum to zero", "INVALID_ACCOUNT_AMOUNTS", { "0.0.2": -1n }],
    ["a party that does not exist", "INVALID_ACCOUNT_ID", { "0.0.2": -1n, "0.0.4242": 1n }],
  ])("refuses %s with %s", (_what, status, amounts) => {
    expect(new LedgerFixture().result(hbarTransfer(amounts))).toBe(status);
  });

  test("refuses a party that is named twice, and more than ten of them", () => {
    const accountAmountsTwice = [...accountAmounts({ "0.0.2": -1n }), ...accountAmounts({ "0.0.2": 1n })];
    const twice = { cryptoTransfer: { transfers: { accountAmounts: accountAmountsTwice } } };
    expect(new LedgerFixture().result(twice)).toBe("ACCOUNT_REPEATED_IN_ACCOUNT_AMOUNTS");
    const fixture = new LedgerFixture();
    const receivers = Array.from({ length: 10 }, () => fixture.createAccount(alice.key, 0n));
    const many = hbarTransfer({ "0.0.2": -10n, ...Object.fromEntries(receivers.map((id) => [id, 1n])) });
    expect(fixture.result(many)).toBe("TRANSFER_LIST_SIZE_LIMIT_EXCEEDED");
  });

  test("that somebody else does not have is not moved, and the fee is kept", () => {
    const { fixture, aliceId, bobId } = scene();
    const before = fixture.balance(aliceId);
    const tooMuch = hbarTransfer({ [aliceId]: -before - 1n, [bobId]: before + 1n });
    const [item] = fixture.run(tooMuch, { signers: [OPERATOR, alice] });
    expect(item?.record.result).toBe("INSUFFICIENT_ACCOUNT_BALANCE");
    expect(item?.record.chargedFee).toBe(200_000n);
    expect(item?.record.transfers.map(({ account }) => account)).toEqual(["0.0.2", "0.0.3", "0.0.98"]);
    expect(fixture.balance(aliceId)).toBe(before);
  });

  test("reaches an account that wants to sign what it receives only with its signature", () => {
    const fixture = new LedgerFixture();
    const { cryptoCreateAccount } = { cryptoCreateAccount: { key: bob.key, receiverSigRequired: true } };
    const [created] = fixture.run(
      { cryptoCreateAccount: { ...cryptoCreateAccount, autoRenewPeriod: { seconds: toLong(7_776_000n) } } },
      { signers: [OPERATOR, bob] },
    );
    expect(created?.record.entity).toBe("0.0.1001");
    const transfer = hbarTransfer({ "0.0.2": -1n, "0.0.1001": 1n });
    expect(fixture.result(transfer)).toBe("INVALID_SIGNATURE");
    expect(fixture.result(transfer, { signers: [OPERATOR, bob] })).toBe("SUCCESS");
  });
});

describe("a token", () => {
  const both: readonly Signer[] = [OPERATOR, alice];

  test("moves to an account that is associated with it", () => {
    const { fixture, aliceId, bobId, token } = scene();
    const transfer = tokenTransfer(token, { [aliceId]: -10n, [bobId]: 10n }, 2);
    expect(fixture.result(transfer, { signers: both })).toBe("TOKEN_NOT_ASSOCIATED_TO_ACCOUNT");
    fixture.associate(bobId, bob, token);
    const [item] = fixture.run(transfer, { signers: both });
    expect(item?.record.tokenTransfers).toEqual([
      { token, account: aliceId, amount: -10n },
      { token, account: bobId, amount: 10n },
    ]);
    expect([units(fixture, aliceId, token), units(fixture, bobId, token)]).toEqual([990n, 10n]);
  });

  test("associates a receiver that left room for it, at the payer's cost", () => {
    const { fixture, aliceId, bobId, token } = scene(1);
    const [item] = fixture.run(tokenTransfer(token, { [aliceId]: -1n, [bobId]: 1n }), { signers: both });
    expect(item?.record.result).toBe("SUCCESS");
    expect(fixture.ledger.relations.get(`${bobId}/${token}`)).toMatchObject({
      automatic: true,
      associated: true,
    });
    expect(item?.record.chargedFee).toBe(51_100_000n);
    const other = fixture.createToken(aliceId, alice);
    const second = tokenTransfer(other, { [aliceId]: -1n, [bobId]: 1n });
    expect(fixture.result(second, { signers: both })).toBe("NO_REMAINING_AUTOMATIC_ASSOCIATIONS");
  });

  test.each<[string, string, bigint, bigint, number | undefined]>([
    ["what does not sum to zero", "TRANSFERS_NOT_ZERO_SUM_FOR_TOKEN", -1n, 2n, undefined],
    ["more than there is", "INSUFFICIENT_TOKEN_BALANCE", -1_001n, 1_001n, undefined],
    ["other decimals than expected", "UNEXPECTED_TOKEN_DECIMALS", -1n, 1n, 3],
  ])("refuses %s with %s", (_what, status, debit, credit, decimals) => {
    const { fixture, aliceId, bobId, token } = scene();
    fixture.associate(bobId, bob, token);
    const transfer = tokenTransfer(token, { [aliceId]: debit, [bobId]: credit }, decimals);
    expect(fixture.result(transfer, { signers: both })).toBe(status);
  });

  test("that does not exist is refused", () => {
    const transfer = tokenTransfer("0.0.4242", { "0.0.2": -1n, "0.0.98": 1n });
    expect(new LedgerFixture().result(transfer)).toBe("INVALID_TOKEN_ID");
  });

  test("and HBAR in one transfer move together or not at all", () => {
    const { fixture, aliceId, bobId, token } = scene();
    fixture.associate(bobId, bob, token);
    const swap = (price: bigint) => ({
      cryptoTransfer: {
        transfers: { accountAmounts: accountAmounts({ [bobId]: -price, [aliceId]: price }) },
        tokenTransfers: [
          { token: wireTokenId(token), transfers: accountAmounts({ [aliceId]: -1_001n, [bobId]: 1_001n }) },
        ],
      },
    });
    const before = fixture.balance(bobId);
    expect(fixture.result(swap(5n), { signers: [OPERATOR, alice, bob] })).toBe("INSUFFICIENT_TOKEN_BALANCE");
    expect(fixture.balance(bobId)).toBe(before);
  });
});

test("a transfer of a token between two accounts costs USD 0.001 with one signature", () => {
  const { fixture, aliceId, bobId, token } = scene();
  fixture.associate(bobId, bob, token);
  const transfer = tokenTransfer(token, { [aliceId]: -1n, [bobId]: 1n });
  const [item] = fixture.run(transfer, { payer: aliceId, signers: [alice] });
  expect(item?.record.chargedFee).toBe(1_000_000n);
});
