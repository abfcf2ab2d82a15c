import { proto } from "@hiero-ledger/proto";
import { longZeroAddress } from "../../../hedera/id.ts";
import { resolveAccountId } from "../handler/account.ts";
import { isEvmAddress, namesOfAlias } from "../key/alias.ts";
import type { KeyBytes, TokenRelation } from "../record.ts";
import type { State } from "../state/state.ts";
import { usableAccount } from "../validate.ts";
import { wireAccountId, wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";
import { defineQuery, LEDGER_ID } from "./query.ts";

/** `CryptoGetInfo`. */
export const CRYPTO_GET_INFO = defineQuery("cryptoGetInfo", {
  paid: true,
  answer(question, { state }) {
    const account = usableAccount(state, resolveAccountId(state, question.accountID), "INVALID_ACCOUNT_ID");
    const address = namesOfAlias(account.alias ?? new Uint8Array()).find(isEvmAddress);
    const evmAddress = address ? Buffer.from(address).toString("hex") : longZeroAddress(account.id).slice(2);
    return {
      accountInfo: {
        accountID: wireAccountId(account.id),
        contractAccountID: evmAddress,
        deleted: account.deleted,
        key: wireKey(account.key) ?? { keyList: { keys: [] } },
        balance: toLong(account.balance),
        receiverSigRequired: account.receiverSigRequired,
        expirationTime: wireTimestamp(account.expiry),
        autoRenewPeriod: { seconds: toLong(account.autoRenewSeconds) },
        tokenRelationships: [...state.relationsOf(account.id)].map((relation) =>
          wireRelation(relation, state),
        ),
        memo: account.memo,
        ...(account.alias && { alias: account.alias }),
        maxAutomaticTokenAssociations: account.maxAutomaticAssociations,
        ledgerId: LEDGER_ID,
      },
    };
  },
});

/** The key of an entity, decoded; null where it has none. */
export function wireKey(key: KeyBytes): proto.Key | null {
  return key === null ? null : proto.Key.decode(key);
}

function wireRelation(relation: TokenRelation, state: State): proto.ITokenRelationship {
  const token = state.tokens.get(relation.token);
  const { TokenKycStatus, TokenFreezeStatus } = proto;
  const kyc = relation.kycGranted ? TokenKycStatus.Granted : TokenKycStatus.Revoked;
  const freeze = relation.frozen ? TokenFreezeStatus.Frozen : TokenFreezeStatus.Unfrozen;
  return {
    tokenId: wireTokenId(relation.token),
    symbol: token?.symbol ?? "",
    balance: toLong(relation.balance),
    kycStatus: token?.kycKey ? kyc : TokenKycStatus.KycNotApplicable,
    freezeStatus: token?.freezeKey ? freeze : TokenFreezeStatus.FreezeNotApplicable,
    decimals: token?.decimals ?? 0,
    automaticAssociation: relation.automatic,
  };
}
