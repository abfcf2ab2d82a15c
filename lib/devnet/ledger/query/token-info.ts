import { proto } from "@hiero-ledger/proto";
import type { Token } from "../record.ts";
import { needed } from "../refusal.ts";
import { tokenIdOf, wireAccountId, wireTokenId } from "../wire/id.ts";
import { toLong } from "../wire/int64.ts";
import { wireTimestamp } from "../wire/time.ts";
import { wireKey } from "./account-info.ts";
import { defineQuery, LEDGER_ID } from "./query.ts";

/** `TokenGetInfo`; a deleted token still answers, and says so. */
export const TOKEN_GET_INFO = defineQuery("tokenGetInfo", {
  paid: true,
  answer(question, { state }) {
    const id = tokenIdOf(question.token);
    return { tokenInfo: wireToken(needed(id && state.tokens.get(id), "INVALID_TOKEN_ID")) };
  },
});

function wireToken(token: Token): proto.ITokenInfo {
  const { TokenFreezeStatus, TokenKycStatus, TokenPauseStatus, TokenSupplyType, TokenType } = proto;
  const freeze = token.freezeDefault ? TokenFreezeStatus.Frozen : TokenFreezeStatus.Unfrozen;
  const pause = token.paused ? TokenPauseStatus.Paused : TokenPauseStatus.Unpaused;
  return {
    tokenId: wireTokenId(token.id),
    name: token.name,
    symbol: token.symbol,
    decimals: token.decimals,
    totalSupply: toLong(token.totalSupply),
    treasury: wireAccountId(token.treasury),
    adminKey: wireKey(token.adminKey),
    kycKey: wireKey(token.kycKey),
    freezeKey: wireKey(token.freezeKey),
    wipeKey: wireKey(token.wipeKey),
    supplyKey: wireKey(token.supplyKey),
    feeScheduleKey: wireKey(token.feeScheduleKey),
    pauseKey: wireKey(token.pauseKey),
    metadataKey: wireKey(token.metadataKey),
    defaultFreezeStatus: token.freezeKey ? freeze : TokenFreezeStatus.FreezeNotApplicable,
    defaultKycStatus: token.kycKey ? TokenKycStatus.Revoked : TokenKycStatus.KycNotApplicable,
    pauseStatus: token.pauseKey ? pause : TokenPauseStatus.PauseNotApplicable,
    deleted: token.deleted,
    autoRenewAccount: token.autoRenewAccount ? wireAccountId(token.autoRenewAccount) : null,
    autoRenewPeriod: { seconds: toLong(token.autoRenewSeconds) },
    expiry: wireTimestamp(token.expiry),
    memo: token.memo,
    tokenType: TokenType.FUNGIBLE_COMMON,
    supplyType: TokenSupplyType[token.supplyType],
    maxSupply: toLong(token.maxSupply),
    ledgerId: LEDGER_ID,
  };
}
