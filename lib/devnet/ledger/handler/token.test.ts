import { describe, expect, test } from "bun:test";
import { proto } from "@hiero-ledger/proto";
import type { AccountId, TokenId } from "../../../hedera/id.ts";
import { accountAmounts, ed25519Signer, LedgerFixture, OPERATOR, PERIOD } from "../fixture.ts";
import { wireAccountId, wireTokenId } from "../wire/id.ts";
import { fromLong, toLong } from "../wire/int64.ts";

const [alice, bob, admin] = [ed25519Signer(), ed25519Signer(), ed25519Signer()];
const SIGNED = { signers: [OPERATOR, alice] };

function scene(more: Partial<proto.ITokenCreateTransactionBody> = {}) {
  const fixture = new LedgerFixture();
  const aliceId = fixture.createAccount(alice.key);
  const bobId = fixture.createAccount(bob.key);
  const token = fixture.createToken(aliceId, alice, { supplyKey: alice.key, ...more });
  return { fixture, aliceId, bobId, token };
}

function units(fixture: LedgerFixture, account: AccountId, token: TokenId) {
  return fixture.ledger.relations.get(`${account}/${token}`)?.balance;
}

describe("creation", () => {
  test("gives the treasury the initial supply", () => {
    const { fixture, aliceId, token } = scene();
    expect(units(fixture, aliceId, token)).toBe(1_000n);
    expect(fixture.ledger.tokens.get(token)).toMatchObject({
      decimals: 2,
      initialSupply: 1_000n,
      totalSupply: 1_000n,
      supplyType: "INFINITE",
      treasury: aliceId,
      adminKey: null,
    });
  });

  const finite = { supplyType: proto.TokenSupplyType.FINITE };
  test.each<[string, string, Partial<proto.ITokenCreateTransactionBody>]>([
    ["no name", "MISSING_TOKEN_NAME", { name: "" }],
    ["no symbol", "MISSING_TOKEN_SYMBOL", { symbol: "" }],
    ["a name that is too long", "TOKEN_NAME_TOO_LONG", { name: "x".repeat(101) }],
    ["a symbol that is too long", "TOKEN_SYMBOL_TOO_LONG", { symbol: "x".repeat(101) }],
    [
      "a treasury that does not exist",
      "INVALID_TREASURY_ACCOUNT_FOR_TOKEN",
      { treasury: wireAccountId("0.0.4242") },
    ],
    ["a maximum for an infinite supply", "INVALID_TOKEN_MAX_SUPPLY", { maxSupply: toLong(1n) }],
    ["no maximum for a finite supply", "INVALID_TOKEN_MAX_SUPPLY", finite],
    [
      "more than the maximum",
      "INVALID_TOKEN_INITIAL_SUPPLY",
      { ...finite, maxSupply: toLong(1n), initialSupply: toLong(2n) },
    ],
    ["a frozen default without a freeze key", "TOKEN_HAS_NO_FREEZE_KEY", { freezeDefault: true }],
    ["a bad supply key", "INVALID_SUPPLY_KEY", { supplyKey: { ed25519: new Uint8Array(31) } }],
    ["an admin key that did not sign", "INVALID_SIGNATURE", { adminKey: admin.key }],
    [
      "an auto-renew account that does not exist",
      "INVALID_AUTORENEW_ACCOUNT",
      { autoRenewAccount: wireAccountId("0.0.4242") },
    ],
    ["a period under 30 days", "INVALID_RENEWAL_PERIOD", { autoRenewPeriod: { seconds: toLong(5n) } }],
    ["NFTs", "NOT_SUPPORTED", { tokenType: proto.TokenType.NON_FUNGIBLE_UNIQUE }],
  ])("refuses %s with %s", (_what, status, change) => {
    const tokenCreation = {
      name: "T",
      symbol: "T",
      treasury: wireAccountId("0.0.2"),
      autoRenewPeriod: PERIOD,
      ...change,
    };
    expect(new LedgerFixture().result({ tokenCreation })).toBe(status);
  });

  test("needs the treasury's signature", () => {
    const { fixture, aliceId } = scene();
    const tokenCreation = {
      name: "T",
      symbol: "T",
      treasury: wireAccountId(aliceId),
      autoRenewPeriod: PERIOD,
    };
    expect(fixture.result({ tokenCreation })).toBe("INVALID_SIGNATURE");
  });
});

describe("supply", () => {
  test("grows and shrinks in the treasury, and the receipt says to what", () => {
    const { fixture, aliceId, token } = scene();
    const receiptTotal = (data: proto.ITransactionBody) => {
      const [item] = fixture.run(data, SIGNED);
      return fromLong(
        proto.TransactionReceipt.decode(item?.record.receipt ?? new Uint8Array()).newTotalSupply,
      );
    };
    expect(receiptTotal({ tokenMint: { token: wireTokenId(token), amount: toLong(50n) } })).toBe(1_050n);
    expect(receiptTotal({ tokenBurn: { token: wireTokenId(token), amount: toLong(1_000n) } })).toBe(50n);
    expect(units(fixture, aliceId, token)).toBe(50n);
    expect(fixture.ledger.tokens.get(token)?.totalSupply).toBe(50n);
  });

  test("needs the supply key", () => {
    const { fixture, token } = scene();
    const tokenMint = { token: wireTokenId(token), amount: toLong(1n) };
    expect(fixture.result({ tokenMint })).toBe("INVALID_SIGNATURE");
    const without = scene({ supplyKey: null });
    const mint = { tokenMint: { ...tokenMint, token: wireTokenId(without.token) } };
    expect(without.fixture.result(mint)).toBe("TOKEN_HAS_NO_SUPPLY_KEY");
  });

  test("does not grow over its maximum, nor shrink below what the treasury holds", () => {
    const { fixture, aliceId, bobId, token } = scene({
      supplyType: proto.TokenSupplyType.FINITE,
      maxSupply: toLong(1_001n),
    });
    const mint = (amount: bigint) =>
      fixture.result({ tokenMint: { token: wireTokenId(token), amount: toLong(amount) } }, SIGNED);
    const burn = (amount: bigint) =>
      fixture.result({ tokenBurn: { token: wireTokenId(token), amount: toLong(amount) } }, SIGNED);
    expect(mint(2n)).toBe("TOKEN_MAX_SUPPLY_REACHED");
    expect(mint(1n)).toBe("SUCCESS");
    fixture.associate(bobId, bob, token);
    const transfers = accountAmounts({ [aliceId]: -1n, [bobId]: 1n });
    fixture.run({ cryptoTransfer: { tokenTransfers: [{ token: wireTokenId(token), transfers }] } }, SIGNED);
    expect(burn(1_001n)).toBe("INSUFFICIENT_TOKEN_BALANCE");
    expect(burn(1_002n)).toBe("INVALID_TOKEN_BURN_AMOUNT");
    expect(burn(1_000n)).toBe("SUCCESS");
  });
});

describe("association", () => {
  test("needs the account's signature, and can be made once", () => {
    const { fixture, bobId, token } = scene();
    const tokenAssociate = { account: wireAccountId(bobId), tokens: [wireTokenId(token)] };
    expect(fixture.result({ tokenAssociate })).toBe("INVALID_SIGNATURE");
    const signed = { signers: [OPERATOR, bob] };
    expect(fixture.result({ tokenAssociate }, signed)).toBe("SUCCESS");
    expect(fixture.result({ tokenAssociate }, signed)).toBe("TOKEN_ALREADY_ASSOCIATED_TO_ACCOUNT");
    const twice = { ...tokenAssociate, tokens: [wireTokenId(token), wireTokenId(token)] };
    expect(fixture.result({ tokenAssociate: twice }, signed)).toBe("TOKEN_ID_REPEATED_IN_TOKEN_LIST");
  });

  test("ends where nothing is held, and not for the treasury", () => {
    const { fixture, aliceId, bobId, token } = scene();
    const dissociate = (account: AccountId) =>
      fixture.result(
        { tokenDissociate: { account: wireAccountId(account), tokens: [wireTokenId(token)] } },
        { signers: [OPERATOR, alice, bob] },
      );
    expect(dissociate(bobId)).toBe("TOKEN_NOT_ASSOCIATED_TO_ACCOUNT");
    fixture.associate(bobId, bob, token);
    const transfers = accountAmounts({ [aliceId]: -1n, [bobId]: 1n });
    const move = { cryptoTransfer: { tokenTransfers: [{ token: wireTokenId(token), transfers }] } };
    fixture.run(move, SIGNED);
    expect(dissociate(bobId)).toBe("TRANSACTION_REQUIRES_ZERO_TOKEN_BALANCES");
    expect(dissociate(aliceId)).toBe("ACCOUNT_IS_TREASURY");
    const back = accountAmounts({ [aliceId]: 1n, [bobId]: -1n });
    fixture.run(
      { cryptoTransfer: { tokenTransfers: [{ token: wireTokenId(token), transfers: back }] } },
      { signers: [OPERATOR, bob] },
    );
    expect(dissociate(bobId)).toBe("SUCCESS");
    expect(fixture.result(move, SIGNED)).toBe("TOKEN_NOT_ASSOCIATED_TO_ACCOUNT");
  });

  test("with a token that has a freeze default or a KYC key starts closed", () => {
    const frozen = scene({ freezeKey: alice.key, freezeDefault: true });
    frozen.fixture.associate(frozen.bobId, bob, frozen.token);
    const unknown = scene({ kycKey: alice.key });
    unknown.fixture.associate(unknown.bobId, bob, unknown.token);
    const pay = ({ fixture, aliceId, bobId, token }: ReturnType<typeof scene>) => {
      const transfers = accountAmounts({ [aliceId]: -1n, [bobId]: 1n });
      return fixture.result(
        { cryptoTransfer: { tokenTransfers: [{ token: wireTokenId(token), transfers }] } },
        SIGNED,
      );
    };
    expect(pay(frozen)).toBe("ACCOUNT_FROZEN_FOR_TOKEN");
    expect(pay(unknown)).toBe("ACCOUNT_KYC_NOT_GRANTED_FOR_TOKEN");
  });
});

describe("an admin key", () => {
  function administered() {
    const fixture = new LedgerFixture();
    const aliceId = fixture.createAccount(alice.key);
    const bobId = fixture.createAccount(bob.key, 100n, { maxAutomaticTokenAssociations: 1 });
    const tokenCreation = {
      name: "T",
      symbol: "T",
      initialSupply: toLong(7n),
      treasury: wireAccountId(aliceId),
      autoRenewPeriod: PERIOD,
      adminKey: admin.key,
      supplyKey: alice.key,
    };
    const [item] = fixture.run({ tokenCreation }, { signers: [OPERATOR, alice, admin] });
    const id = [...fixture.ledger.tokens.keys()][0];
    if (!id || item?.record.entity !== id) throw new Error("no token");
    return { fixture, aliceId, bobId, id, token: wireTokenId(id) };
  }

  test("changes the token, its keys and its treasury", () => {
    const { fixture, aliceId, bobId, id, token } = administered();
    const all = { signers: [OPERATOR, admin, bob] };
    expect(fixture.result({ tokenUpdate: { token, name: "New" } })).toBe("INVALID_SIGNATURE");
    expect(fixture.result({ tokenUpdate: { token, name: "New", memo: { value: "m" } } }, all)).toBe(
      "SUCCESS",
    );
    expect(fixture.result({ tokenUpdate: { token, treasury: wireAccountId(bobId) } }, all)).toBe("SUCCESS");
    expect(fixture.ledger.tokens.get(id)).toMatchObject({
      name: "New",
      symbol: "T",
      memo: "m",
      treasury: bobId,
    });
    expect([units(fixture, aliceId, id), units(fixture, bobId, id)]).toEqual([0n, 7n]);
    expect(fixture.result({ tokenUpdate: { token, supplyKey: { keyList: {} } } }, all)).toBe("SUCCESS");
    expect(fixture.ledger.tokens.get(id)?.supplyKey).toBeNull();
    expect(fixture.result({ tokenUpdate: { token, wipeKey: bob.key } }, all)).toBe("TOKEN_HAS_NO_WIPE_KEY");
  });

  test("deletes the token, which then does nothing more", () => {
    const { fixture, aliceId, bobId, token } = administered();
    expect(fixture.result({ tokenDeletion: { token } })).toBe("INVALID_SIGNATURE");
    expect(fixture.result({ tokenDeletion: { token } }, { signers: [OPERATOR, admin] })).toBe("SUCCESS");
    expect(fixture.result({ tokenMint: { token, amount: toLong(1n) } }, SIGNED)).toBe("TOKEN_WAS_DELETED");
    const transfers = accountAmounts({ [aliceId]: -1n, [bobId]: 1n });
    expect(fixture.result({ cryptoTransfer: { tokenTransfers: [{ token, transfers }] } }, SIGNED)).toBe(
      "TOKEN_WAS_DELETED",
    );
  });

  test("that a token does not have makes it immutable", () => {
    const { fixture, token } = scene();
    const id = wireTokenId(token);
    expect(fixture.result({ tokenUpdate: { token: id, name: "New" } }, SIGNED)).toBe("TOKEN_IS_IMMUTABLE");
    expect(fixture.result({ tokenDeletion: { token: id } }, SIGNED)).toBe("TOKEN_IS_IMMUTABLE");
  });
});
