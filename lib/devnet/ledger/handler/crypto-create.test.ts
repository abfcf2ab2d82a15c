import { expect, test } from "bun:test";
import { ecdsaSigner, ed25519Signer, LedgerFixture, OPERATOR, PERIOD, thresholdKey } from "../fixture.ts";
import { keyOf } from "../key/key.ts";
import { evmAddressOf } from "../key/verify.ts";
import { toLong } from "../wire/int64.ts";

const alice = ed25519Signer();
const VALID = { key: alice.key, autoRenewPeriod: PERIOD };

test("the new account has what was asked for, and the initial balance of its creator", () => {
  const fixture = new LedgerFixture();
  const id = fixture.createAccount(thresholdKey(1, alice, OPERATOR), 5n, {
    memo: "both may",
    maxAutomaticTokenAssociations: -1,
  });
  expect(fixture.ledger.accounts.get(id)).toMatchObject({
    id: "0.0.1001",
    memo: "both may",
    balance: 500_000_000n,
    maxAutomaticAssociations: -1,
    receiverSigRequired: false,
    deleted: false,
    autoRenewSeconds: 7_776_000n,
  });
});

test.each([
  ["no key", "KEY_REQUIRED", { key: null }],
  ["an empty key list", "KEY_REQUIRED", { key: { keyList: { keys: [] } } }],
  ["a key of no length", "BAD_ENCODING", { key: { ed25519: new Uint8Array() } }],
  ["a key of the wrong length", "BAD_ENCODING", { key: { ed25519: new Uint8Array(31) } }],
  ["a negative balance", "INVALID_INITIAL_BALANCE", { initialBalance: toLong(-1n) }],
  ["no auto-renew period", "INVALID_RENEWAL_PERIOD", { autoRenewPeriod: null }],
  [
    "a period under 30 days",
    "AUTORENEW_DURATION_NOT_IN_RANGE",
    { autoRenewPeriod: { seconds: toLong(2_591_999n) } },
  ],
  ["associations under -1", "INVALID_MAX_AUTO_ASSOCIATIONS", { maxAutomaticTokenAssociations: -2 }],
  ["associations over 5,000", "INVALID_MAX_AUTO_ASSOCIATIONS", { maxAutomaticTokenAssociations: 5_001 }],
  ["a memo that is too long", "MEMO_TOO_LONG", { memo: "x".repeat(101) }],
  ["an alias that is no address", "INVALID_ALIAS_KEY", { alias: new Uint8Array(19) }],
])("it refuses %s with %s", (_what, status, change) => {
  expect(new LedgerFixture().result({ cryptoCreateAccount: { ...VALID, ...change } })).toBe(status);
});

test("who asks to sign what an account receives must own its key", () => {
  const create = { cryptoCreateAccount: { ...VALID, receiverSigRequired: true } };
  expect(new LedgerFixture().result(create)).toBe("INVALID_SIGNATURE");
  expect(new LedgerFixture().result(create, { signers: [OPERATOR, alice] })).toBe("SUCCESS");
});

test("an ECDSA key's own address can be the alias, once", () => {
  const key = ecdsaSigner().key;
  const decoded = keyOf(key);
  if (decoded?.kind !== "ECDSA_SECP256K1") throw new Error("not an ECDSA key");
  const create = { cryptoCreateAccount: { key, autoRenewPeriod: PERIOD, alias: evmAddressOf(decoded) } };
  const fixture = new LedgerFixture();
  expect(fixture.result(create)).toBe("SUCCESS");
  expect(fixture.result(create)).toBe("ALIAS_ALREADY_ASSIGNED");
  expect(
    new LedgerFixture().result({ cryptoCreateAccount: { ...VALID, alias: evmAddressOf(decoded) } }),
  ).toBe("INVALID_SIGNATURE");
});

test("each key above one costs a US cent", () => {
  const fixture = new LedgerFixture();
  const fee = (key: object) =>
    fixture.run({ cryptoCreateAccount: { ...VALID, key } })[0]?.record.chargedFee ?? 0n;
  expect(fee(alice.key)).toBe(50_000_000n);
  expect(fee(thresholdKey(1, alice, OPERATOR))).toBe(60_000_000n);
});
