import { proto } from "@hiero-ledger/proto";
import type { TokenId } from "../../../hedera/id.ts";
import { wireAccountId, wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { rowsOf, type StatusRow } from "./row.ts";
import type { Stage } from "./stage.ts";

const NOBODY = wireAccountId("0.0.999999");
const FINITE = { supplyType: proto.TokenSupplyType.FINITE };
const LARGEST = toLong(2n ** 63n - 1n);

const mint = (s: Stage, amount: bigint, token = s.token) => ({
  data: { tokenMint: { token: wireTokenId(token), amount: toLong(amount) } },
  options: s.by(s.alice),
});
const burn = (s: Stage, amount: bigint, token = s.token) => ({
  data: { tokenBurn: { token: wireTokenId(token), amount: toLong(amount) } },
  options: s.by(s.alice),
});

const SUPPLY = [
  ...rowsOf("TokenMint", [
    ["SUCCESS", "all is well", "TokenMintHandler", (s) => mint(s, 1n)],
    [
      "NOT_SUPPORTED",
      "it is of NFTs",
      "devnet's own",
      (s) => ({ tokenMint: { token: wireTokenId(s.token), metadata: [new Uint8Array(1)] } }),
    ],
    [
      "INVALID_TOKEN_ID",
      "the token does not exist",
      "TokenMintHandler.preHandle",
      (s) => mint(s, 1n, "0.0.999999"),
    ],
    [
      "INVALID_SIGNATURE",
      "the supply key has not signed",
      "TokenMintHandler.preHandle",
      (s) => ({ data: mint(s, 1n).data }),
    ],
    [
      "TOKEN_HAS_NO_SUPPLY_KEY",
      "the token has no supply key",
      "BaseTokenHandler.mintFungible",
      (s) => mint(s, 1n, s.createToken({ supplyKey: null })),
    ],
    [
      "TOKEN_WAS_DELETED",
      "the token was deleted",
      "TokenHandlerHelper.getIfUsable",
      (s) => mint(s, 1n, s.deletedToken()),
    ],
    [
      "INVALID_TOKEN_MINT_AMOUNT",
      "the supply would exceed 2^63 - 1",
      "BaseTokenHandler.mintFungible",
      (s) => ({
        data: { tokenMint: { token: wireTokenId(s.token), amount: LARGEST } },
        options: s.by(s.alice),
      }),
    ],
    [
      "TOKEN_MAX_SUPPLY_REACHED",
      "the supply would exceed its maximum",
      "BaseTokenHandler.mintFungible",
      (s) => mint(s, 2n, s.createToken({ ...FINITE, maxSupply: toLong(1_001n) })),
    ],
  ]),
  ...rowsOf("TokenBurn", [
    ["SUCCESS", "all is well", "TokenBurnHandler", (s) => burn(s, 1n)],
    [
      "NOT_SUPPORTED",
      "it is of NFTs",
      "devnet's own",
      (s) => ({ tokenBurn: { token: wireTokenId(s.token), serialNumbers: [toLong(1n)] } }),
    ],
    [
      "INVALID_TOKEN_ID",
      "the token does not exist",
      "TokenBurnHandler.preHandle",
      (s) => burn(s, 1n, "0.0.999999"),
    ],
    [
      "INVALID_SIGNATURE",
      "the supply key has not signed",
      "TokenBurnHandler.preHandle",
      (s) => ({ data: burn(s, 1n).data }),
    ],
    [
      "TOKEN_HAS_NO_SUPPLY_KEY",
      "the token has no supply key",
      "BaseTokenHandler.burnFungible",
      (s) => burn(s, 1n, s.createToken({ supplyKey: null })),
    ],
    [
      "TOKEN_WAS_DELETED",
      "the token was deleted",
      "TokenHandlerHelper.getIfUsable",
      (s) => burn(s, 1n, s.deletedToken()),
    ],
    [
      "INVALID_TOKEN_BURN_AMOUNT",
      "the supply would become negative",
      "BaseTokenHandler.burnFungible",
      (s) => burn(s, 10n ** 9n),
    ],
    [
      "INSUFFICIENT_TOKEN_BALANCE",
      "the treasury holds less",
      "BaseTokenHandler.burnFungible",
      (s) => {
        const token = s.createToken();
        s.fixture.run(
          s.units(token, s.newcomer({ maxAutomaticTokenAssociations: 1 }).id, 600n),
          s.by(s.alice),
        );
        return burn(s, 500n, token);
      },
    ],
  ]),
  ...rowsOf(
    "TokenMint",
    [
      [
        "INVALID_TOKEN_MINT_AMOUNT",
        "the amount is negative",
        "TokenSupplyChangeOpsValidator",
        (s) => mint(s, -1n),
      ],
    ],
    false,
  ),
  ...rowsOf(
    "TokenBurn",
    [
      [
        "INVALID_TOKEN_BURN_AMOUNT",
        "the amount is negative",
        "TokenSupplyChangeOpsValidator",
        (s) => burn(s, -1n),
      ],
    ],
    false,
  ),
];

const associate = (account: proto.IAccountID, ...tokens: TokenId[]) => ({
  tokenAssociate: { account, tokens: tokens.map(wireTokenId) },
});
const dissociate = (account: proto.IAccountID, ...tokens: TokenId[]) => ({
  tokenDissociate: { account, tokens: tokens.map(wireTokenId) },
});

const ASSOCIATE = [
  ...rowsOf("TokenAssociate", [
    [
      "SUCCESS",
      "all is well",
      "TokenAssociateToAccountHandler",
      (s) => ({ data: associate(wireAccountId(s.bobId), s.createToken()), options: s.by(s.bob) }),
    ],
    [
      "INVALID_ACCOUNT_ID",
      "the account does not exist",
      "TokenAssociateToAccountHandler",
      (s) => associate(NOBODY, s.token),
    ],
    [
      "INVALID_SIGNATURE",
      "the account's key has not signed",
      "TokenAssociateToAccountHandler.preHandle",
      (s) => associate(wireAccountId(s.bobId), s.token),
    ],
    [
      "ACCOUNT_DELETED",
      "the account was deleted",
      "TokenHandlerHelper.getIfUsable",
      (s) => {
        const who = s.newcomer();
        return { data: associate(wireAccountId(s.deleted(who)), s.token), options: s.by(who.signer) };
      },
    ],
    [
      "INVALID_TOKEN_ID",
      "a token does not exist",
      "TokenAssociateToAccountHandler",
      (s) => ({ data: associate(wireAccountId(s.bobId), "0.0.999999"), options: s.by(s.bob) }),
    ],
    [
      "TOKEN_WAS_DELETED",
      "a token was deleted",
      "TokenHandlerHelper.getIfUsable",
      (s) => ({ data: associate(wireAccountId(s.bobId), s.deletedToken()), options: s.by(s.bob) }),
    ],
    [
      "TOKEN_ALREADY_ASSOCIATED_TO_ACCOUNT",
      "they are associated already",
      "TokenAssociateToAccountHandler",
      (s) => ({ data: associate(wireAccountId(s.aliceId), s.token), options: s.by(s.alice) }),
    ],
  ]),
  ...rowsOf("TokenDissociate", [
    [
      "SUCCESS",
      "all is well",
      "TokenDissociateFromAccountHandler",
      (s) => {
        const token = s.createToken();
        s.fixture.associate(s.bobId, s.bob, token);
        return { data: dissociate(wireAccountId(s.bobId), token), options: s.by(s.bob) };
      },
    ],
    [
      "INVALID_ACCOUNT_ID",
      "the account does not exist",
      "TokenDissociateFromAccountHandler",
      (s) => dissociate(NOBODY, s.token),
    ],
    [
      "INVALID_SIGNATURE",
      "the account's key has not signed",
      "TokenDissociateFromAccountHandler.preHandle",
      (s) => dissociate(wireAccountId(s.bobId), s.token),
    ],
    [
      "ACCOUNT_DELETED",
      "the account was deleted",
      "TokenHandlerHelper.getIfUsable",
      (s) => {
        const who = s.newcomer();
        return { data: dissociate(wireAccountId(s.deleted(who)), s.token), options: s.by(who.signer) };
      },
    ],
    [
      "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT",
      "they are not associated",
      "TokenDissociateFromAccountHandler",
      (s) => ({ data: dissociate(wireAccountId(s.bobId), s.createToken()), options: s.by(s.bob) }),
    ],
    [
      "ACCOUNT_IS_TREASURY",
      "the account is the token's treasury",
      "TokenDissociateFromAccountHandler",
      (s) => ({ data: dissociate(wireAccountId(s.aliceId), s.token), options: s.by(s.alice) }),
    ],
    [
      "ACCOUNT_FROZEN_FOR_TOKEN",
      "the relation is frozen",
      "TokenDissociateFromAccountHandler",
      (s) => {
        const token = s.createToken({ freezeKey: s.alice.key, freezeDefault: true });
        s.fixture.associate(s.bobId, s.bob, token);
        return { data: dissociate(wireAccountId(s.bobId), token), options: s.by(s.bob) };
      },
    ],
    [
      "TRANSACTION_REQUIRES_ZERO_TOKEN_BALANCES",
      "the account holds units of it",
      "TokenDissociateFromAccountHandler",
      (s) => {
        const { id, signer } = s.newcomer({ maxAutomaticTokenAssociations: 1 });
        s.fixture.run(s.units(s.token, id, 1n), s.by(s.alice));
        return { data: dissociate(wireAccountId(id), s.token), options: s.by(signer) };
      },
    ],
  ]),
  ...rowsOf("TokenAssociate", [
    [
      "TOKEN_ID_REPEATED_IN_TOKEN_LIST",
      "it names a token twice",
      "TokenAssociateToAccountHandler.pureChecks",
      (s) => associate(wireAccountId(s.bobId), s.token, s.token),
    ],
  ]),
  ...rowsOf("TokenDissociate", [
    [
      "TOKEN_ID_REPEATED_IN_TOKEN_LIST",
      "it names a token twice",
      "TokenDissociateFromAccountHandler.pureChecks",
      (s) => dissociate(wireAccountId(s.bobId), s.token, s.token),
    ],
  ]),
];

/** The rows of what is done with tokens. */
export const HOLDING_ROWS: readonly StatusRow[] = [...SUPPLY, ...ASSOCIATE];
