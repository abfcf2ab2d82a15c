import { proto } from "@hiero-ledger/proto";
import { addSeconds } from "../../../hedera/timestamp.ts";
import { TOKEN_KEYS } from "../handler/token.ts";
import { wireAccountId, wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";
import { BAD_KEY, rowsOf, type StatusRow } from "./row.ts";
import type { Stage } from "./stage.ts";

const NOBODY = wireAccountId("0.0.999999");
const NO_TOKEN = wireTokenId("0.0.999999");
const FINITE = { supplyType: proto.TokenSupplyType.FINITE };

const create = (more: Partial<proto.ITokenCreateTransactionBody>) => (s: Stage) => s.tokenCreation(more);

const CREATE = rowsOf("TokenCreate", [
  ["SUCCESS", "all is well", "TokenCreateHandler", create({})],
  [
    "NOT_SUPPORTED",
    "it is of NFTs, or asks for custom fees",
    "devnet's own",
    create({ tokenType: proto.TokenType.NON_FUNGIBLE_UNIQUE }),
  ],
  [
    "INVALID_TOKEN_INITIAL_SUPPLY",
    "the initial supply is negative",
    "TokenCreateValidator",
    create({ initialSupply: toLong(-1n) }),
  ],
  [
    "INVALID_TOKEN_INITIAL_SUPPLY",
    "the initial supply exceeds the maximum",
    "TokenCreateValidator",
    create({ ...FINITE, maxSupply: toLong(1n), initialSupply: toLong(2n) }),
  ],
  [
    "INVALID_TOKEN_MAX_SUPPLY",
    "an infinite supply has a maximum",
    "TokenCreateValidator",
    create({ maxSupply: toLong(1n) }),
  ],
  ["INVALID_TOKEN_MAX_SUPPLY", "a finite supply has none", "TokenCreateValidator", create(FINITE)],
  [
    "INVALID_TREASURY_ACCOUNT_FOR_TOKEN",
    "the treasury does not exist",
    "TokenCreateHandler.preHandle",
    create({ treasury: NOBODY }),
  ],
  [
    "INVALID_TREASURY_ACCOUNT_FOR_TOKEN",
    "the treasury was deleted",
    "TokenCreateHandler",
    (s) => {
      const who = s.newcomer();
      return {
        data: s.tokenCreation({ treasury: wireAccountId(s.deleted(who)) }),
        options: s.by(who.signer),
      };
    },
  ],
  [
    "TOKEN_HAS_NO_FREEZE_KEY",
    "it freezes by default and has no freeze key",
    "TokenCreateValidator",
    create({ freezeDefault: true }),
  ],
  [
    "INVALID_SIGNATURE",
    "the treasury has not signed",
    "TokenCreateHandler.preHandle",
    (s) => s.tokenCreation({ treasury: wireAccountId(s.aliceId) }),
  ],
  [
    "INVALID_SIGNATURE",
    "the admin key has not signed",
    "TokenCreateHandler.preHandle",
    (s) => s.tokenCreation({ adminKey: s.alice.key }),
  ],
  [
    "INVALID_AUTORENEW_ACCOUNT",
    "the auto-renew account does not exist",
    "TokenCreateHandler.preHandle",
    create({ autoRenewAccount: NOBODY }),
  ],
  [
    "MEMO_TOO_LONG",
    "the token's memo has more than 100 bytes",
    "AttributeValidator.validateMemo",
    create({ memo: "x".repeat(101) }),
  ],
  [
    "INVALID_ZERO_BYTE_IN_STRING",
    "memo, name or symbol has a zero byte",
    "TokenAttributesValidator",
    create({ name: "\0" }),
  ],
  ["MISSING_TOKEN_SYMBOL", "it has no symbol", "TokenAttributesValidator", create({ symbol: "" })],
  [
    "TOKEN_SYMBOL_TOO_LONG",
    "the symbol has more than 100 bytes",
    "TokenAttributesValidator",
    create({ symbol: "x".repeat(101) }),
  ],
  ["MISSING_TOKEN_NAME", "it has no name", "TokenAttributesValidator", create({ name: "" })],
  [
    "TOKEN_NAME_TOO_LONG",
    "the name has more than 100 bytes",
    "TokenAttributesValidator",
    create({ name: "x".repeat(101) }),
  ],
  [
    "METADATA_TOO_LONG",
    "the metadata has more than 100 bytes",
    "TokenAttributesValidator, HIP-646",
    create({ metadata: new Uint8Array(101) }),
  ],
  [
    "INVALID_RENEWAL_PERIOD",
    "the auto-renew period is under 30 or over 92 days",
    "TokenCreateHandler",
    create({ autoRenewPeriod: { seconds: toLong(1n) } }),
  ],
  [
    "INVALID_EXPIRATION_TIME",
    "it expires in the past",
    "ExpiryValidator",
    (s) => s.tokenCreation({ autoRenewPeriod: null, expiry: wireTimestamp(s.fixture.time) }),
  ],
  ...TOKEN_KEYS.map(
    ({ field, invalid }) =>
      [
        invalid,
        `the ${words(field)} is not valid`,
        "TokenAttributesValidator.validateTokenKeys",
        create({ [field]: BAD_KEY }),
      ] as const,
  ),
]);

const BIG_DECIMALS = rowsOf(
  "TokenCreate",
  [
    [
      "INVALID_TOKEN_DECIMALS",
      "the decimals exceed 2^31 - 1",
      "TokenCreateValidator",
      create({ decimals: 2 ** 31 }),
    ],
    [
      "INVALID_TREASURY_ACCOUNT_FOR_TOKEN",
      "it names no treasury",
      "TokenCreateHandler.pureChecks",
      create({ treasury: null }),
    ],
  ],
  false,
);

/** `freezeKey` as words. */
function words(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const update =
  (more: proto.ITokenUpdateTransactionBody, ...who: ("alice" | "bob")[]) =>
  (s: Stage) => ({
    data: { tokenUpdate: { token: wireTokenId(s.token), ...more } },
    options: s.by(...who.map((name) => s[name])),
  });

const UPDATE = rowsOf("TokenUpdate", [
  ["SUCCESS", "all is well", "TokenUpdateHandler", update({ memo: { value: "m" } }, "alice")],
  [
    "SUCCESS",
    "the supply key and the new one have signed, the admin key has not",
    "TokenUpdateHandler, HIP-540",
    (s) => {
      const token = wireTokenId(s.createToken());
      return update({ token, supplyKey: s.bob.key }, "alice", "bob")(s);
    },
  ],
  [
    "INVALID_TOKEN_ID",
    "the token does not exist",
    "TokenUpdateHandler.preHandle",
    update({ token: NO_TOKEN }),
  ],
  [
    "TOKEN_IS_IMMUTABLE",
    "the token has no admin key",
    "TokenUpdateHandler",
    (s) => update({ token: wireTokenId(s.createToken()), name: "N" }, "alice")(s),
  ],
  [
    "INVALID_SIGNATURE",
    "the admin key has not signed",
    "TokenUpdateHandler.preHandle",
    update({ name: "N" }),
  ],
  [
    "INVALID_SIGNATURE",
    "the new treasury has not signed",
    "TokenUpdateHandler.preHandle",
    (s) => update({ treasury: wireAccountId(s.bobId) }, "alice")(s),
  ],
  [
    "INVALID_ACCOUNT_ID",
    "the new treasury does not exist",
    "TokenUpdateHandler.preHandle",
    update({ treasury: NOBODY }, "alice"),
  ],
  [
    "INVALID_AUTORENEW_ACCOUNT",
    "the new auto-renew account does not exist",
    "TokenUpdateHandler.preHandle",
    update({ autoRenewAccount: NOBODY }, "alice"),
  ],
  [
    "ACCOUNT_DELETED",
    "the new treasury was deleted",
    "TokenHandlerHelper.getIfUsable",
    (s) => {
      const who = s.newcomer();
      const treasury = wireAccountId(s.deleted(who));
      return {
        data: { tokenUpdate: { token: wireTokenId(s.token), treasury } },
        options: s.by(s.alice, who.signer),
      };
    },
  ],
  [
    "TOKEN_WAS_DELETED",
    "the token was deleted",
    "TokenHandlerHelper.getIfUsable",
    (s) => update({ token: wireTokenId(s.deletedToken()), name: "N" }, "alice")(s),
  ],
  [
    "MEMO_TOO_LONG",
    "the new memo has more than 100 bytes",
    "AttributeValidator.validateMemo",
    update({ memo: { value: "x".repeat(101) } }, "alice"),
  ],
  [
    "INVALID_ZERO_BYTE_IN_STRING",
    "new memo, name or symbol has a zero byte",
    "TokenAttributesValidator",
    update({ name: "\0" }, "alice"),
  ],
  [
    "TOKEN_SYMBOL_TOO_LONG",
    "the new symbol has more than 100 bytes",
    "TokenAttributesValidator",
    update({ symbol: "x".repeat(101) }, "alice"),
  ],
  [
    "TOKEN_NAME_TOO_LONG",
    "the new name has more than 100 bytes",
    "TokenAttributesValidator",
    update({ name: "x".repeat(101) }, "alice"),
  ],
  [
    "NO_REMAINING_AUTOMATIC_ASSOCIATIONS",
    "the new treasury is not associated and takes no automatic association",
    "TokenUpdateHandler",
    (s) => update({ treasury: wireAccountId(s.bobId) }, "alice", "bob")(s),
  ],
  [
    "INVALID_RENEWAL_PERIOD",
    "the new auto-renew period is under 30 or over 92 days",
    "TokenUpdateHandler",
    update({ autoRenewPeriod: { seconds: toLong(1n) } }, "alice"),
  ],
  [
    "INVALID_EXPIRATION_TIME",
    "the new expiration is not in the future",
    "ExpiryValidator",
    (s) => update({ expiry: wireTimestamp(s.fixture.time) }, "alice")(s),
  ],
  [
    "EXPIRATION_REDUCTION_NOT_ALLOWED",
    "the new expiration is earlier than the old",
    "ExpiryValidator",
    (s) => update({ expiry: wireTimestamp(addSeconds(s.fixture.time, 5)) }, "alice")(s),
  ],
  [
    "INVALID_ADMIN_KEY",
    "the new admin key is not valid",
    "TokenUpdateHandler",
    update({ adminKey: BAD_KEY }, "alice"),
  ],
  ...TOKEN_KEYS.filter(({ field }) => field !== "adminKey" && field !== "supplyKey").map(
    ({ field, missing }) =>
      [
        missing,
        `it changes the ${words(field)} of a token that has none`,
        "TokenUpdateHandler, HIP-540",
        (s: Stage) => update({ [field]: s.bob.key }, "alice")(s),
      ] as const,
  ),
  [
    "TOKEN_HAS_NO_SUPPLY_KEY",
    "it changes the supply key of a token that has none",
    "TokenUpdateHandler, HIP-540",
    (s) =>
      update(
        {
          token: wireTokenId(s.createToken({ supplyKey: null, adminKey: s.alice.key })),
          supplyKey: s.bob.key,
        },
        "alice",
      )(s),
  ],
]);

const DELETE = rowsOf("TokenDelete", [
  [
    "SUCCESS",
    "all is well",
    "TokenDeleteHandler",
    (s) => ({
      data: { tokenDeletion: { token: wireTokenId(s.createToken({ adminKey: s.alice.key })) } },
      options: s.by(s.alice),
    }),
  ],
  [
    "INVALID_TOKEN_ID",
    "the token does not exist",
    "TokenDeleteHandler.preHandle",
    () => ({ tokenDeletion: { token: NO_TOKEN } }),
  ],
  [
    "TOKEN_IS_IMMUTABLE",
    "the token has no admin key",
    "TokenDeleteHandler.preHandle",
    (s) => ({ tokenDeletion: { token: wireTokenId(s.createToken()) } }),
  ],
  [
    "INVALID_SIGNATURE",
    "the admin key has not signed",
    "TokenDeleteHandler.preHandle",
    (s) => ({ tokenDeletion: { token: wireTokenId(s.token) } }),
  ],
  [
    "TOKEN_WAS_DELETED",
    "the token was deleted before",
    "TokenHandlerHelper.getIfUsable",
    (s) => ({ data: { tokenDeletion: { token: wireTokenId(s.deletedToken()) } }, options: s.by(s.alice) }),
  ],
]);

/** The rows of what is done to tokens. */
export const TOKEN_ROWS: readonly StatusRow[] = [...CREATE, ...BIG_DECIMALS, ...UPDATE, ...DELETE];
