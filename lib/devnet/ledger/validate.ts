import type { proto } from "@hiero-ledger/proto";
import type { AccountId } from "../../hedera/id.ts";
import { addSeconds, secondsOf, type Timestamp } from "../../hedera/timestamp.ts";
import { isValidKey, keyOf } from "./key/key.ts";
import { LIMITS } from "./limits.ts";
import type { Account, Token, TokenRelation } from "./record.ts";
import { need, needed, Refusal } from "./refusal.ts";
import type { State } from "./state/state.ts";
import type { Status } from "./status.ts";
import { fromLong } from "./wire/int64.ts";
import { durationSeconds } from "./wire/time.ts";

/** Checks a memo. @throws Refusal `MEMO_TOO_LONG`, `INVALID_ZERO_BYTE_IN_STRING` */
export function checkMemo(memo: string): void {
  if (memo === "") return;
  need(Buffer.byteLength(memo) <= LIMITS.memoBytes, "MEMO_TOO_LONG");
  need(!memo.includes("\0"), "INVALID_ZERO_BYTE_IN_STRING");
}

/** Checks a key that an entity is to get, if it is there. @throws Refusal with `status` */
export function checkKey(key: proto.IKey | null | undefined, status: Status = "BAD_ENCODING"): void {
  if (key) need(isValidKey(keyOf(key)), status);
}

/** Checks an auto-renew period. @throws Refusal `INVALID_RENEWAL_PERIOD`, `AUTORENEW_DURATION_NOT_IN_RANGE` */
export function checkAutoRenewSeconds(seconds: bigint): void {
  need(seconds > 0n, "INVALID_RENEWAL_PERIOD");
  need(
    seconds >= LIMITS.minAutoRenewSeconds && seconds <= LIMITS.maxAutoRenewSeconds,
    "AUTORENEW_DURATION_NOT_IN_RANGE",
  );
}

/** Checks when an entity is to expire. @throws Refusal `INVALID_EXPIRATION_TIME` */
export function checkExpiry(expiry: Timestamp, now: Timestamp): void {
  const seconds = secondsOf(expiry) - secondsOf(now);
  need(seconds > 0n && seconds <= LIMITS.entityLifetimeSeconds, "INVALID_EXPIRATION_TIME");
}

/** Resolves what an update does to an entity's expiry and auto-renew period. @throws Refusal */
export function updatedExpiry(
  current: { readonly expiry: Timestamp; readonly autoRenewSeconds: bigint },
  update: {
    readonly expiry: proto.ITimestamp | null | undefined;
    readonly autoRenewPeriod: proto.IDuration | null | undefined;
  },
  now: Timestamp,
): { readonly expiry: Timestamp; readonly autoRenewSeconds: bigint } {
  let expiry = current.expiry;
  if (update.expiry) {
    expiry = addSeconds(0n, fromLong(update.expiry.seconds));
    checkExpiry(expiry, now);
    need(expiry >= current.expiry, "EXPIRATION_REDUCTION_NOT_ALLOWED");
  }
  const seconds = durationSeconds(update.autoRenewPeriod);
  if (seconds !== null) checkAutoRenewSeconds(seconds);
  return { expiry, autoRenewSeconds: seconds ?? current.autoRenewSeconds };
}

/** An account that exists and is not deleted. @throws Refusal with `missing`, or `ACCOUNT_DELETED` */
export function usableAccount(state: State, id: AccountId | null, missing: Status): Account {
  const account = needed(id === null ? null : state.accounts.get(id), missing);
  need(!account.deleted, "ACCOUNT_DELETED");
  return account;
}

/** A token that exists and can be used. @throws Refusal `INVALID_TOKEN_ID`, `TOKEN_WAS_DELETED`, `TOKEN_IS_PAUSED` */
export function usableToken(state: State, id: Token["id"] | null): Token {
  const token = needed(id === null ? null : state.tokens.get(id), "INVALID_TOKEN_ID");
  need(!token.deleted, "TOKEN_WAS_DELETED");
  need(!token.paused, "TOKEN_IS_PAUSED");
  return token;
}

/** A relation over which a token may move. @throws Refusal `TOKEN_NOT_ASSOCIATED_TO_ACCOUNT` or why it may not */
export function usableRelation(state: State, account: AccountId, token: Token["id"]): TokenRelation {
  const relation = needed(state.relation(account, token), "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT");
  need(!relation.frozen, "ACCOUNT_FROZEN_FOR_TOKEN");
  need(relation.kycGranted, "ACCOUNT_KYC_NOT_GRANTED_FOR_TOKEN");
  return relation;
}

/** Runs `check`, but refuses with `status` where it would refuse with `from`, as older Hedera services did. */
export function translate<T>(from: Status, status: Status, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof Refusal && error.status === from ? new Refusal(status) : error;
  }
}
