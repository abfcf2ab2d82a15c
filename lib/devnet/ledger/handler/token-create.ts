import { proto } from "@hiero-ledger/proto";
import { addSeconds, type Timestamp } from "../../../hedera/timestamp.ts";
import { extraFee } from "../fee/fees.ts";
import { countKeys, keyBytes, keyOf } from "../key/key.ts";
import { LIMITS } from "../limits.ts";
import type { Token } from "../record.ts";
import { need, needed } from "../refusal.ts";
import { checkAutoRenewSeconds, checkExpiry, checkMemo, translate, usableAccount } from "../validate.ts";
import { accountIdOf, wireTokenId } from "../wire/id.ts";
import { fromLong } from "../wire/int64.ts";
import { durationSeconds } from "../wire/time.ts";
import { defineHandler } from "./handler.ts";
import { checkTokenKeys, checkTokenName, checkTokenSymbol, newRelation, TOKEN_KEYS } from "./token.ts";

type Creation = proto.ITokenCreateTransactionBody;

/** `TokenCreate` of a fungible token without custom fees; its treasury gets the initial supply. */
export const TOKEN_CREATE = defineHandler("tokenCreation", {
  type: "TOKENCREATION",
  schedulable: true,

  pureChecks(op) {
    need(!op.tokenType && (op.customFees ?? []).length === 0, "NOT_SUPPORTED");
    const initialSupply = BigInt.asIntN(64, fromLong(op.initialSupply));
    const maxSupply = fromLong(op.maxSupply);
    need(initialSupply >= 0n, "INVALID_TOKEN_INITIAL_SUPPLY");
    need((op.decimals ?? 0) < 2 ** 31, "INVALID_TOKEN_DECIMALS");
    need(hasFiniteSupply(op) ? maxSupply > 0n : maxSupply === 0n, "INVALID_TOKEN_MAX_SUPPLY");
    need(!hasFiniteSupply(op) || initialSupply <= maxSupply, "INVALID_TOKEN_INITIAL_SUPPLY");
    need(Boolean(op.treasury), "INVALID_TREASURY_ACCOUNT_FOR_TOKEN");
    need(!op.freezeDefault || Boolean(op.freezeKey), "TOKEN_HAS_NO_FREEZE_KEY");
  },

  preHandle(op, context) {
    context.requireAccountKey(accountIdOf(op.treasury), "INVALID_TREASURY_ACCOUNT_FOR_TOKEN");
    if (op.autoRenewAccount) {
      context.requireAccountKey(accountIdOf(op.autoRenewAccount), "INVALID_AUTORENEW_ACCOUNT");
    }
    if (op.adminKey) context.requireKey(keyOf(op.adminKey), "INVALID_ADMIN_KEY");
  },

  handle(op, { state, consensusNow, consensusTimestamp, outcome }) {
    const treasuryId = needed(accountIdOf(op.treasury), "INVALID_TREASURY_ACCOUNT_FOR_TOKEN");
    const treasury = usableTreasury(() =>
      usableAccount(state, treasuryId, "INVALID_TREASURY_ACCOUNT_FOR_TOKEN"),
    );
    checkMemo(op.memo ?? "");
    checkTokenSymbol(op.symbol ?? "");
    checkTokenName(op.name ?? "");
    checkTokenKeys(op);
    need((op.metadata?.length ?? 0) <= LIMITS.tokenMetadataBytes, "METADATA_TOO_LONG");
    const autoRenewAccount = accountIdOf(op.autoRenewAccount);
    const renewer = autoRenewAccount && state.accounts.get(autoRenewAccount);
    need(!renewer?.deleted, "INVALID_AUTORENEW_ACCOUNT");
    const initialSupply = fromLong(op.initialSupply);
    const token: Token = {
      id: state.newId(),
      name: op.name ?? "",
      symbol: op.symbol ?? "",
      memo: op.memo ?? "",
      decimals: op.decimals ?? 0,
      initialSupply,
      totalSupply: initialSupply,
      supplyType: hasFiniteSupply(op) ? "FINITE" : "INFINITE",
      maxSupply: fromLong(op.maxSupply),
      treasury: treasury.id,
      adminKey: keyBytes(op.adminKey),
      kycKey: keyBytes(op.kycKey),
      freezeKey: keyBytes(op.freezeKey),
      wipeKey: keyBytes(op.wipeKey),
      supplyKey: keyBytes(op.supplyKey),
      feeScheduleKey: keyBytes(op.feeScheduleKey),
      pauseKey: keyBytes(op.pauseKey),
      metadataKey: keyBytes(op.metadataKey),
      freezeDefault: op.freezeDefault === true,
      paused: false,
      autoRenewAccount,
      autoRenewSeconds: durationSeconds(op.autoRenewPeriod) ?? 0n,
      expiry: expiryOf(op, consensusNow),
      deleted: false,
      created: consensusTimestamp,
      modified: consensusTimestamp,
    };
    state.putToken(token);
    const relation = newRelation(treasury.id, token, false, consensusTimestamp);
    state.putRelation({ ...relation, balance: initialSupply, frozen: false, kycGranted: true });
    outcome.entity = token.id;
    outcome.receipt.tokenID = wireTokenId(token.id);
  },

  serviceFee(op, fee) {
    const keys = TOKEN_KEYS.reduce((sum, { field }) => sum + countKeys(keyOf(op[field])), 0n);
    return fee.base + extraFee(fee.keys, keys);
  },
});

function hasFiniteSupply(op: Creation): boolean {
  return op.supplyType === proto.TokenSupplyType.FINITE;
}

function usableTreasury<T>(find: () => T): T {
  return translate("ACCOUNT_DELETED", "INVALID_TREASURY_ACCOUNT_FOR_TOKEN", find);
}

/** When the token expires: by its auto-renew period where there is one, else as it says. */
function expiryOf(op: Creation, now: Timestamp): Timestamp {
  const seconds = durationSeconds(op.autoRenewPeriod);
  if (seconds !== null) {
    translate("AUTORENEW_DURATION_NOT_IN_RANGE", "INVALID_RENEWAL_PERIOD", () =>
      checkAutoRenewSeconds(seconds),
    );
  }
  if (seconds !== null && (op.autoRenewAccount || !op.expiry)) return addSeconds(now, seconds);
  const expiry = op.expiry
    ? addSeconds(0n, fromLong(op.expiry.seconds))
    : addSeconds(now, LIMITS.entityLifetimeSeconds);
  checkExpiry(expiry, now);
  return expiry;
}
