import type { proto } from "@hiero-ledger/proto";
import { accountAmounts, hbarTransfer } from "../fixture.ts";
import { wireAccountId, wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { keyAlias } from "./account.ts";
import { rowsOf, type StatusRow } from "./row.ts";

const amounts = (accountAmounts: proto.IAccountAmount[]) => ({
  cryptoTransfer: { transfers: { accountAmounts } },
});
const lists = (tokenTransfers: proto.ITokenTransferList[]) => ({ cryptoTransfer: { tokenTransfers } });
const toAlias = (alias: Uint8Array, tinybars = 1n) => [
  ...accountAmounts({ "0.0.2": -tinybars }),
  { accountID: { alias }, amount: toLong(tinybars) },
];

const TRANSFER = rowsOf("CryptoTransfer", [
  ["SUCCESS", "all is well", "CryptoTransferHandler", () => hbarTransfer({ "0.0.2": -1n, "0.0.98": 1n })],
  [
    "SUCCESS",
    "an EVM address that nobody has gets a hollow account",
    "AutoAccountCreator, HIP-583",
    () => amounts(toAlias(new Uint8Array(20).fill(77))),
  ],
  [
    "SUCCESS",
    "a key that nobody has gets an account",
    "AutoAccountCreator, HIP-32",
    (s) => amounts(toAlias(keyAlias(s))),
  ],
  [
    "INVALID_ACCOUNT_AMOUNTS",
    "the HBAR amounts do not sum to zero",
    "CryptoTransferValidator.pureChecks",
    () => hbarTransfer({ "0.0.2": -1n }),
  ],
  [
    "ACCOUNT_REPEATED_IN_ACCOUNT_AMOUNTS",
    "a list names an account twice",
    "CryptoTransferValidator.pureChecks",
    () => amounts([...accountAmounts({ "0.0.2": -1n }), ...accountAmounts({ "0.0.2": 1n })]),
  ],
  [
    "ACCOUNT_REPEATED_IN_ACCOUNT_AMOUNTS",
    "a list names an account by number and by alias",
    "EnsureAliasesStep",
    (s) => {
      const alias = new Uint8Array(20).fill(78);
      s.fixture.run(amounts(toAlias(alias)));
      const id = [...s.fixture.ledger.accounts.keys()].at(-1) ?? "0.0.0";
      return amounts([...toAlias(alias, 2n).slice(1), ...accountAmounts({ "0.0.2": -3n, [id]: 1n })]);
    },
  ],
  [
    "INVALID_TOKEN_ID",
    "the token does not exist",
    "TransferExecutor.preHandle",
    () => lists([{ token: wireTokenId("0.0.999999"), transfers: accountAmounts({ "0.0.2": 0n }) }]),
  ],
  [
    "NOT_SUPPORTED",
    "it moves NFTs",
    "devnet's own",
    (s) =>
      lists([
        {
          token: wireTokenId(s.token),
          nftTransfers: [
            {
              senderAccountID: wireAccountId("0.0.2"),
              receiverAccountID: wireAccountId(s.bobId),
              serialNumber: toLong(1n),
            },
          ],
        },
      ]),
  ],
  [
    "TRANSFERS_NOT_ZERO_SUM_FOR_TOKEN",
    "a token's amounts do not sum to zero",
    "CryptoTransferValidator.pureChecks",
    (s) => lists([{ token: wireTokenId(s.token), transfers: accountAmounts({ "0.0.2": 1n }) }]),
  ],
  [
    "EMPTY_TOKEN_TRANSFER_ACCOUNT_AMOUNTS",
    "a token list is empty",
    "CryptoTransferValidator.pureChecks",
    (s) => lists([{ token: wireTokenId(s.token) }]),
  ],
  [
    "INVALID_ACCOUNT_ID",
    "a party does not exist",
    "TransferExecutor.preHandle",
    () => hbarTransfer({ "0.0.2": -1n, "0.0.999999": 1n }),
  ],
  [
    "INVALID_SIGNATURE",
    "a debited account has not signed",
    "TransferExecutor.preHandle",
    (s) => hbarTransfer({ [s.aliceId]: -1n, "0.0.2": 1n }),
  ],
  [
    "INVALID_SIGNATURE",
    "a receiver signs for what it receives, and has not",
    "TransferExecutor.preHandle",
    (s) => {
      const { id, signer } = s.newcomer();
      s.fixture.run(
        {
          cryptoUpdateAccount: {
            accountIDToUpdate: wireAccountId(id),
            receiverSigRequiredWrapper: { value: true },
          },
        },
        s.by(signer),
      );
      return hbarTransfer({ "0.0.2": -1n, [id]: 1n });
    },
  ],
  [
    "TRANSFER_LIST_SIZE_LIMIT_EXCEEDED",
    "it has more than 10 HBAR amounts",
    "CryptoTransferValidator.validateSemantics",
    (s) => {
      const eleven = Array.from({ length: 11 }, () => s.newcomer().id);
      return hbarTransfer(Object.fromEntries(eleven.map((id) => [id, 0n])));
    },
  ],
  [
    "TOKEN_TRANSFER_LIST_SIZE_LIMIT_EXCEEDED",
    "it has more than 10 token amounts",
    "CryptoTransferValidator.validateSemantics",
    (s) => {
      const eleven = Array.from({ length: 11 }, () => s.newcomer().id);
      return lists([
        {
          token: wireTokenId(s.token),
          transfers: accountAmounts(Object.fromEntries(eleven.map((id) => [id, 0n]))),
        },
      ]);
    },
  ],
  [
    "MAX_CHILD_RECORDS_EXCEEDED",
    "it would create more than 3 accounts",
    "consensus.handle.maxPrecedingRecords",
    () => {
      const four = [81, 82, 83, 84].map((n) => ({
        accountID: { alias: new Uint8Array(20).fill(n) },
        amount: toLong(1n),
      }));
      return amounts([...accountAmounts({ "0.0.2": -4n }), ...four]);
    },
  ],
  [
    "INSUFFICIENT_PAYER_BALANCE",
    "the payer cannot pay for the account that it would create",
    "AutoAccountCreator",
    (s) => {
      const { id, signer } = s.newcomer();
      s.pay(id, "0.0.2", 99_000_000n, signer);
      const alias = new Uint8Array(20).fill(85);
      return {
        data: amounts([...accountAmounts({ [id]: -1n }), { accountID: { alias }, amount: toLong(1n) }]),
        options: { payer: id, signers: [signer] },
      };
    },
  ],
  [
    "ACCOUNT_DELETED",
    "a party was deleted",
    "TokenHandlerHelper.getIfUsable",
    (s) => hbarTransfer({ "0.0.2": -1n, [s.deleted(s.newcomer())]: 1n }),
  ],
  [
    "INSUFFICIENT_ACCOUNT_BALANCE",
    "a debited account has less HBAR",
    "AdjustHbarChangesStep",
    (s) => ({ data: hbarTransfer({ [s.bobId]: -(10n ** 15n), "0.0.2": 10n ** 15n }), options: s.by(s.bob) }),
  ],
  [
    "SPENDER_DOES_NOT_HAVE_ALLOWANCE",
    "it spends an allowance, of which there are none",
    "AdjustHbarChangesStep",
    (s) => {
      const [from, to] = accountAmounts({ [s.bobId]: -1n, "0.0.2": 1n });
      return amounts([{ ...from, isApproval: true }, { ...to }]);
    },
  ],
  [
    "TOKEN_WAS_DELETED",
    "the token was deleted",
    "TokenHandlerHelper.getIfUsable",
    (s) => {
      const token = s.createToken({ adminKey: s.alice.key });
      s.fixture.run({ tokenDeletion: { token: wireTokenId(token) } }, s.by(s.alice));
      return { data: s.units(token, s.bobId, 1n), options: s.by(s.alice) };
    },
  ],
  [
    "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT",
    "a party is not associated with the token, and takes no automatic association",
    "AssociateTokenRecipientsStep",
    (s) => ({ data: s.units(s.token, s.bobId, 1n), options: s.by(s.alice) }),
  ],
  [
    "NO_REMAINING_AUTOMATIC_ASSOCIATIONS",
    "a party's automatic associations are used up",
    "AssociateTokenRecipientsStep, HIP-23",
    (s) => {
      const { id } = s.newcomer({ maxAutomaticTokenAssociations: 1 });
      s.fixture.run(s.units(s.token, id, 1n), s.by(s.alice));
      return { data: s.units(s.createToken(), id, 1n), options: s.by(s.alice) };
    },
  ],
  [
    "ACCOUNT_FROZEN_FOR_TOKEN",
    "a party's relation with the token is frozen",
    "AdjustFungibleTokenChangesStep",
    (s) => {
      const token = s.createToken({ freezeKey: s.alice.key, freezeDefault: true });
      const { id, signer } = s.newcomer();
      s.fixture.associate(id, signer, token);
      return { data: s.units(token, id, 1n), options: s.by(s.alice) };
    },
  ],
  [
    "ACCOUNT_KYC_NOT_GRANTED_FOR_TOKEN",
    "a party has no KYC that the token wants",
    "AdjustFungibleTokenChangesStep",
    (s) => {
      const token = s.createToken({ kycKey: s.alice.key });
      const { id, signer } = s.newcomer();
      s.fixture.associate(id, signer, token);
      return { data: s.units(token, id, 1n), options: s.by(s.alice) };
    },
  ],
  [
    "UNEXPECTED_TOKEN_DECIMALS",
    "the token has other decimals than it expects",
    "AdjustFungibleTokenChangesStep",
    (s) => ({
      data: s.units(s.token, s.newcomer({ maxAutomaticTokenAssociations: 1 }).id, 1n, 3),
      options: s.by(s.alice),
    }),
  ],
  [
    "INSUFFICIENT_TOKEN_BALANCE",
    "a debited account has fewer units",
    "AdjustFungibleTokenChangesStep",
    (s) => ({
      data: s.units(s.token, s.newcomer({ maxAutomaticTokenAssociations: 1 }).id, 10n ** 6n),
      options: s.by(s.alice),
    }),
  ],
]);

const TRANSFER_RAW = rowsOf(
  "CryptoTransfer",
  [
    [
      "INVALID_TOKEN_ID",
      "a token list names no token",
      "CryptoTransferValidator.pureChecks",
      () => lists([{ transfers: accountAmounts({ "0.0.2": 0n }) }]),
    ],
    [
      "INVALID_ALIAS_KEY",
      "an alias is neither an EVM address nor a key",
      "AliasUtils.asKeyFromAlias",
      () => amounts(toAlias(new Uint8Array(19))),
    ],
    [
      "TOKEN_ID_REPEATED_IN_TOKEN_LIST",
      "two lists are of one token",
      "CryptoTransferValidator.pureChecks",
      (s) => {
        const list = { token: wireTokenId(s.token), transfers: accountAmounts({ "0.0.2": 0n }) };
        return lists([list, list]);
      },
    ],
  ],
  false,
);

/** The rows of transfers. */
export const TRANSFER_ROWS: readonly StatusRow[] = [...TRANSFER, ...TRANSFER_RAW];
