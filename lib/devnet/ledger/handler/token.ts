import type { proto } from "@hiero-ledger/proto";
import type { AccountId } from "../../../hedera/id.ts";
import type { Timestamp } from "../../../hedera/timestamp.ts";
import { LIMITS } from "../limits.ts";
import type { Token, TokenRelation } from "../record.ts";
import { need } from "../refusal.ts";
import type { Status } from "../status.ts";
import { checkKey } from "../validate.ts";

/** One of a token's keys: where it is, and what Hedera says when it is bad or not there. */
export interface TokenKeyRole {
  readonly field:
    | "adminKey"
    | "kycKey"
    | "freezeKey"
    | "wipeKey"
    | "supplyKey"
    | "feeScheduleKey"
    | "pauseKey"
    | "metadataKey";
  readonly invalid: Status;
  readonly missing: Status;
}

/** All keys of a token, in Hedera's order. */
export const TOKEN_KEYS: readonly TokenKeyRole[] = [
  { field: "adminKey", invalid: "INVALID_ADMIN_KEY", missing: "TOKEN_IS_IMMUTABLE" },
  { field: "kycKey", invalid: "INVALID_KYC_KEY", missing: "TOKEN_HAS_NO_KYC_KEY" },
  { field: "wipeKey", invalid: "INVALID_WIPE_KEY", missing: "TOKEN_HAS_NO_WIPE_KEY" },
  { field: "supplyKey", invalid: "INVALID_SUPPLY_KEY", missing: "TOKEN_HAS_NO_SUPPLY_KEY" },
  { field: "freezeKey", invalid: "INVALID_FREEZE_KEY", missing: "TOKEN_HAS_NO_FREEZE_KEY" },
  {
    field: "feeScheduleKey",
    invalid: "INVALID_CUSTOM_FEE_SCHEDULE_KEY",
    missing: "TOKEN_HAS_NO_FEE_SCHEDULE_KEY",
  },
  { field: "pauseKey", invalid: "INVALID_PAUSE_KEY", missing: "TOKEN_HAS_NO_PAUSE_KEY" },
  { field: "metadataKey", invalid: "INVALID_METADATA_KEY", missing: "TOKEN_HAS_NO_METADATA_KEY" },
];

/** Checks every key that a body gives a token. @throws Refusal with the key's own status */
export function checkTokenKeys(
  keys: { readonly [Field in TokenKeyRole["field"]]?: proto.IKey | null },
): void {
  for (const { field, invalid } of TOKEN_KEYS) checkKey(keys[field], invalid);
}

/** Checks a token's symbol. @throws Refusal */
export function checkTokenSymbol(symbol: string): void {
  need(symbol.length > 0, "MISSING_TOKEN_SYMBOL");
  need(Buffer.byteLength(symbol) <= LIMITS.tokenSymbolBytes, "TOKEN_SYMBOL_TOO_LONG");
  need(!symbol.includes("\0"), "INVALID_ZERO_BYTE_IN_STRING");
}

/** Checks a token's name. @throws Refusal */
export function checkTokenName(name: string): void {
  need(name.length > 0, "MISSING_TOKEN_NAME");
  need(Buffer.byteLength(name) <= LIMITS.tokenNameBytes, "TOKEN_NAME_TOO_LONG");
  need(!name.includes("\0"), "INVALID_ZERO_BYTE_IN_STRING");
}

/** The relation of an account that becomes associated with a token. */
export function newRelation(
  account: AccountId,
  token: Token,
  automatic: boolean,
  now: Timestamp,
): TokenRelation {
  return {
    account,
    token: token.id,
    balance: 0n,
    frozen: token.freezeKey !== null && token.freezeDefault,
    kycGranted: token.kycKey === null,
    automatic,
    associated: true,
    created: now,
  };
}
