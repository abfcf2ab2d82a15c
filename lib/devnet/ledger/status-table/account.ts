import type { proto } from "@hiero-ledger/proto";
import { addSeconds } from "../../../hedera/timestamp.ts";
import { ecdsaSigner, PERIOD } from "../fixture.ts";
import { keyOf } from "../key/key.ts";
import { evmAddressOf } from "../key/verify.ts";
import { wireAccountId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";
import { BAD_KEY, rowsOf, type StatusRow } from "./row.ts";
import type { Stage } from "./stage.ts";

const NOBODY = wireAccountId("0.0.999999");

function addressOf(key: proto.IKey): Uint8Array {
  const decoded = keyOf(key);
  const address = decoded?.kind === "ECDSA_SECP256K1" ? evmAddressOf(decoded) : null;
  return address ?? new Uint8Array();
}

const create =
  (more: Partial<proto.ICryptoCreateTransactionBody>) =>
  ({ alice }: Stage): proto.ITransactionBody => ({
    cryptoCreateAccount: { key: alice.key, autoRenewPeriod: PERIOD, ...more },
  });

const CREATE = rowsOf("CryptoCreate", [
  ["SUCCESS", "all is well", "CryptoCreateHandler", create({})],
  [
    "INVALID_RENEWAL_PERIOD",
    "it has no auto-renew period",
    "CryptoCreateHandler.pureChecks",
    create({ autoRenewPeriod: null }),
  ],
  [
    "INVALID_MAX_AUTO_ASSOCIATIONS",
    "it asks for fewer automatic associations than -1",
    "CryptoCreateHandler.pureChecks, HIP-904",
    create({ maxAutomaticTokenAssociations: -2 }),
  ],
  [
    "INVALID_MAX_AUTO_ASSOCIATIONS",
    "it asks for more than 5,000 automatic associations",
    "CryptoCreateValidator",
    create({ maxAutomaticTokenAssociations: 5_001 }),
  ],
  [
    "INVALID_INITIAL_BALANCE",
    "its initial balance is negative",
    "CryptoCreateHandler.pureChecks",
    create({ initialBalance: toLong(-1n) }),
  ],
  [
    "PROXY_ACCOUNT_ID_FIELD_IS_DEPRECATED",
    "it names a proxy account",
    "CryptoCreateHandler.pureChecks",
    create({ proxyAccountID: NOBODY }),
  ],
  [
    "INVALID_ALIAS_KEY",
    "its alias is neither an EVM address nor a key",
    "CryptoCreateHandler.pureChecks",
    create({ alias: new Uint8Array(19) }),
  ],
  [
    "INVALID_ALIAS_KEY",
    "its alias is a key, which only the network gives",
    "CryptoCreateHandler.preHandle",
    (s) => create({ alias: keyAlias(s) })(s),
  ],
  ["KEY_REQUIRED", "it has no key", "CryptoCreateHandler.pureChecks", create({ key: null })],
  [
    "KEY_REQUIRED",
    "its key is an empty list",
    "CryptoCreateHandler.pureChecks",
    create({ key: { keyList: { keys: [] } } }),
  ],
  [
    "BAD_ENCODING",
    "its key has no bytes",
    "CryptoCreateHandler.pureChecks",
    create({ key: { ed25519: new Uint8Array() } }),
  ],
  [
    "BAD_ENCODING",
    "its key wants more signatures than it has keys",
    "AttributeValidator.validateKey",
    create({ key: BAD_KEY }),
  ],
  [
    "INVALID_SIGNATURE",
    "it asks to sign for what is received and its key has not signed",
    "CryptoCreateHandler.preHandle",
    create({ receiverSigRequired: true }),
  ],
  [
    "INVALID_SIGNATURE",
    "the owner of the EVM address has not signed",
    "CryptoCreateHandler.preHandle, HIP-583",
    create({ alias: new Uint8Array(20).fill(9) }),
  ],
  [
    "ALIAS_ALREADY_ASSIGNED",
    "an account has the EVM address already",
    "CryptoCreateHandler.validateSemantics",
    (s) => {
      const { key } = ecdsaSigner();
      const data = create({ key, alias: addressOf(key) })(s);
      s.fixture.run(data);
      return { data };
    },
  ],
  [
    "MEMO_TOO_LONG",
    "the account's memo has more than 100 bytes",
    "AttributeValidator.validateMemo",
    create({ memo: "x".repeat(101) }),
  ],
  [
    "INVALID_ZERO_BYTE_IN_STRING",
    "the account's memo has a zero byte",
    "AttributeValidator.validateMemo",
    create({ memo: "a\0b" }),
  ],
  [
    "INVALID_RENEWAL_PERIOD",
    "the auto-renew period is not positive",
    "CryptoCreateHandler",
    create({ autoRenewPeriod: { seconds: toLong(0n) } }),
  ],
  [
    "AUTORENEW_DURATION_NOT_IN_RANGE",
    "the auto-renew period is under 30 or over 92 days",
    "AttributeValidator.validateAutoRenewPeriod",
    create({ autoRenewPeriod: { seconds: toLong(1n) } }),
  ],
]);

/** The alias that a transfer to Alice's key names. */
export function keyAlias({ alice }: Stage): Uint8Array {
  return Buffer.concat([Buffer.from("1220", "hex"), alice.key.ed25519 ?? new Uint8Array()]);
}

const update =
  (more: proto.ICryptoUpdateTransactionBody, ...who: ("alice" | "bob")[]) =>
  (s: Stage) => ({
    data: { cryptoUpdateAccount: { accountIDToUpdate: wireAccountId(s.aliceId), ...more } },
    options: s.by(...who.map((name) => s[name])),
  });

const UPDATE = rowsOf("CryptoUpdate", [
  ["SUCCESS", "all is well", "CryptoUpdateHandler", update({ memo: { value: "m" } }, "alice")],
  [
    "SUCCESS",
    "old and new key have signed the rotation",
    "CryptoUpdateHandler.preHandle",
    (s) => {
      const { id, signer } = s.newcomer();
      const data = { cryptoUpdateAccount: { accountIDToUpdate: wireAccountId(id), key: s.bob.key } };
      return { data, options: s.by(signer, s.bob) };
    },
  ],
  [
    "INVALID_ACCOUNT_ID",
    "it names no account, or none that exists",
    "CryptoUpdateHandler",
    update({ accountIDToUpdate: NOBODY }),
  ],
  [
    "PROXY_ACCOUNT_ID_FIELD_IS_DEPRECATED",
    "it names a proxy account",
    "CryptoUpdateHandler.pureChecks",
    update({ proxyAccountID: NOBODY }, "alice"),
  ],
  [
    "INVALID_SIGNATURE",
    "the account's key has not signed",
    "CryptoUpdateHandler.preHandle",
    update({ memo: { value: "m" } }),
  ],
  [
    "INVALID_SIGNATURE",
    "only the old key has signed a rotation",
    "CryptoUpdateHandler.preHandle",
    (s) => update({ key: s.bob.key }, "alice")(s),
  ],
  [
    "INVALID_SIGNATURE",
    "only the new key has signed a rotation",
    "CryptoUpdateHandler.preHandle",
    (s) => update({ key: s.bob.key }, "bob")(s),
  ],
  ["INVALID_ADMIN_KEY", "the new key is not valid", "CryptoUpdateHandler", update({ key: BAD_KEY }, "alice")],
  [
    "ACCOUNT_DELETED",
    "the account was deleted",
    "TokenHandlerHelper.getIfUsable",
    (s) => {
      const who = s.newcomer();
      const accountIDToUpdate = wireAccountId(s.deleted(who));
      return {
        data: { cryptoUpdateAccount: { accountIDToUpdate, memo: { value: "m" } } },
        options: s.by(who.signer),
      };
    },
  ],
  [
    "MEMO_TOO_LONG",
    "the new memo has more than 100 bytes",
    "AttributeValidator.validateMemo",
    update({ memo: { value: "x".repeat(101) } }, "alice"),
  ],
  [
    "INVALID_ZERO_BYTE_IN_STRING",
    "the new memo has a zero byte",
    "AttributeValidator.validateMemo",
    update({ memo: { value: "\0" } }, "alice"),
  ],
  [
    "INVALID_EXPIRATION_TIME",
    "the new expiration is not in the future",
    "ExpiryValidator",
    (s) => update({ expirationTime: wireTimestamp(s.fixture.time) }, "alice")(s),
  ],
  [
    "EXPIRATION_REDUCTION_NOT_ALLOWED",
    "the new expiration is earlier than the old",
    "ExpiryValidator",
    (s) => update({ expirationTime: wireTimestamp(addSeconds(s.fixture.time, 5)) }, "alice")(s),
  ],
  [
    "INVALID_RENEWAL_PERIOD",
    "the new auto-renew period is not positive",
    "AttributeValidator",
    update({ autoRenewPeriod: { seconds: toLong(0n) } }, "alice"),
  ],
  [
    "AUTORENEW_DURATION_NOT_IN_RANGE",
    "the new auto-renew period is under 30 or over 92 days",
    "AttributeValidator",
    update({ autoRenewPeriod: { seconds: toLong(1n) } }, "alice"),
  ],
  [
    "INVALID_MAX_AUTO_ASSOCIATIONS",
    "it asks for fewer automatic associations than -1",
    "CryptoUpdateHandler, HIP-904",
    update({ maxAutomaticTokenAssociations: { value: -2 } }, "alice"),
  ],
  [
    "EXISTING_AUTOMATIC_ASSOCIATIONS_EXCEED_GIVEN_LIMIT",
    "it asks for fewer automatic associations than are in use",
    "CryptoUpdateHandler",
    (s) => {
      const { id, signer } = s.newcomer({ maxAutomaticTokenAssociations: 1 });
      s.fixture.run(s.units(s.token, id, 1n), s.by(s.alice));
      const data = {
        cryptoUpdateAccount: {
          accountIDToUpdate: wireAccountId(id),
          maxAutomaticTokenAssociations: { value: 0 },
        },
      };
      return { data, options: s.by(signer) };
    },
  ],
  [
    "REQUESTED_NUM_AUTOMATIC_ASSOCIATIONS_EXCEEDS_ASSOCIATION_LIMIT",
    "it asks for more than 5,000 automatic associations",
    "CryptoUpdateHandler",
    update({ maxAutomaticTokenAssociations: { value: 5_001 } }, "alice"),
  ],
]);

const remove = (deleted: proto.IAccountID | null, heir: proto.IAccountID | null) => ({
  cryptoDelete: { deleteAccountID: deleted, transferAccountID: heir },
});

const DELETE = rowsOf("CryptoDelete", [
  [
    "SUCCESS",
    "all is well",
    "CryptoDeleteHandler",
    (s) => {
      const { id, signer } = s.newcomer();
      return { data: remove(wireAccountId(id), wireAccountId("0.0.2")), options: s.by(signer) };
    },
  ],
  [
    "ACCOUNT_ID_DOES_NOT_EXIST",
    "it does not name both accounts",
    "CryptoDeleteHandler.pureChecks",
    (s) => remove(wireAccountId(s.aliceId), null),
  ],
  [
    "TRANSFER_ACCOUNT_SAME_AS_DELETE_ACCOUNT",
    "the account would inherit from itself",
    "CryptoDeleteHandler.pureChecks",
    (s) => remove(wireAccountId(s.aliceId), wireAccountId(s.aliceId)),
  ],
  [
    "INVALID_ACCOUNT_ID",
    "the account does not exist",
    "CryptoDeleteHandler.preHandle",
    () => remove(NOBODY, wireAccountId("0.0.2")),
  ],
  [
    "INVALID_TRANSFER_ACCOUNT_ID",
    "the heir does not exist",
    "CryptoDeleteHandler.preHandle",
    (s) => ({ data: remove(wireAccountId(s.bobId), NOBODY), options: s.by(s.bob) }),
  ],
  [
    "INVALID_SIGNATURE",
    "the account's key has not signed",
    "CryptoDeleteHandler.preHandle",
    (s) => remove(wireAccountId(s.bobId), wireAccountId("0.0.2")),
  ],
  [
    "INVALID_SIGNATURE",
    "the heir signs for what it receives, and has not",
    "CryptoDeleteHandler.preHandle",
    (s) => {
      const heir = s.newcomer();
      s.fixture.run(
        {
          cryptoUpdateAccount: {
            accountIDToUpdate: wireAccountId(heir.id),
            receiverSigRequiredWrapper: { value: true },
          },
        },
        s.by(heir.signer),
      );
      return { data: remove(wireAccountId(s.bobId), wireAccountId(heir.id)), options: s.by(s.bob) };
    },
  ],
  [
    "ACCOUNT_DELETED",
    "the account was deleted before",
    "TokenHandlerHelper.getIfUsable",
    (s) => {
      const who = s.newcomer();
      return {
        data: remove(wireAccountId(s.deleted(who)), wireAccountId("0.0.2")),
        options: s.by(who.signer),
      };
    },
  ],
  [
    "ENTITY_NOT_ALLOWED_TO_DELETE",
    "it is an account of the network itself",
    "CryptoDeleteHandler",
    () => remove(wireAccountId("0.0.98"), wireAccountId("0.0.2")),
  ],
  [
    "ACCOUNT_IS_TREASURY",
    "the account is a token's treasury",
    "CryptoDeleteHandler",
    (s) => ({ data: remove(wireAccountId(s.aliceId), wireAccountId("0.0.2")), options: s.by(s.alice) }),
  ],
  [
    "TRANSACTION_REQUIRES_ZERO_TOKEN_BALANCES",
    "the account holds tokens",
    "CryptoDeleteHandler",
    (s) => {
      const { id, signer } = s.newcomer({ maxAutomaticTokenAssociations: 1 });
      s.fixture.run(s.units(s.token, id, 1n), s.by(s.alice));
      return { data: remove(wireAccountId(id), wireAccountId("0.0.2")), options: s.by(signer) };
    },
  ],
]);

/** The rows of what is done to accounts. */
export const ACCOUNT_ROWS: readonly StatusRow[] = [...CREATE, ...UPDATE, ...DELETE];
