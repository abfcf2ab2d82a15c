import { proto } from "@hiero-ledger/proto";
import { extraFee } from "../fee/fees.ts";
import { combineKeys, countKeys, decodeKey, isEmptyKey, type Key, keyBytes, keyOf } from "../key/key.ts";
import type { Account, Token } from "../record.ts";
import { need, needed } from "../refusal.ts";
import type { State } from "../state/state.ts";
import {
  checkMemo,
  translate,
  updatedExpiry,
  usableAccount,
  usableRelation,
  usableToken,
} from "../validate.ts";
import { accountIdOf, tokenIdOf } from "../wire/id.ts";
import type { HandleContext, PreHandleContext } from "./context.ts";
import { usedAutomaticAssociations } from "./crypto-update.ts";
import { defineHandler } from "./handler.ts";
import { checkTokenKeys, checkTokenName, checkTokenSymbol, newRelation, TOKEN_KEYS } from "./token.ts";

type Update = proto.ITokenUpdateTransactionBody;

/** `TokenUpdate`, with the rules of HIP-540 for changing and removing keys. */
export const TOKEN_UPDATE = defineHandler("tokenUpdate", {
  type: "TOKENUPDATE",
  schedulable: true,
  entity: (op) => tokenIdOf(op.token),

  pureChecks(op) {
    need(Boolean(op.token), "INVALID_TOKEN_ID");
  },

  preHandle(op, context) {
    const id = tokenIdOf(op.token);
    const token = needed(id && context.state.tokens.get(id), "INVALID_TOKEN_ID");
    if (needsAdmin(op)) context.requireEntityKey(token.adminKey, "TOKEN_IS_IMMUTABLE");
    if (op.treasury) context.requireAccountKey(accountIdOf(op.treasury), "INVALID_ACCOUNT_ID");
    if (op.autoRenewAccount) {
      context.requireAccountKey(accountIdOf(op.autoRenewAccount), "INVALID_AUTORENEW_ACCOUNT");
    }
    if (op.adminKey && !isRemoval(op.adminKey)) context.requireKey(keyOf(op.adminKey), "INVALID_ADMIN_KEY");
    requireRoleKeys(op, token, context);
  },

  handle(op, context) {
    const { state, consensusNow, consensusTimestamp } = context;
    const token = usableToken(state, tokenIdOf(op.token));
    checkMemo(op.memo?.value ?? "");
    if (op.symbol) checkTokenSymbol(op.symbol);
    if (op.name) checkTokenName(op.name);
    checkTokenKeys(
      Object.fromEntries(TOKEN_KEYS.map(({ field }) => [field, isRemoval(op[field]) ? null : op[field]])),
    );
    const update = { expiry: op.expiry, autoRenewPeriod: op.autoRenewPeriod };
    const expiry = translate("AUTORENEW_DURATION_NOT_IN_RANGE", "INVALID_RENEWAL_PERIOD", () =>
      updatedExpiry(token, update, consensusNow),
    );
    const treasury = op.treasury ? movedTreasury(op, token, context) : token.treasury;
    const changedKeys = TOKEN_KEYS.filter(({ field }) => op[field]).map(({ field }) => [
      field,
      keyBytes(op[field]),
    ]);
    state.putToken({
      ...token,
      ...Object.fromEntries(changedKeys),
      ...expiry,
      treasury,
      ...(op.symbol && { symbol: op.symbol }),
      ...(op.name && { name: op.name }),
      ...(op.memo && { memo: op.memo.value ?? "" }),
      ...(op.autoRenewAccount && { autoRenewAccount: accountIdOf(op.autoRenewAccount) }),
      modified: consensusTimestamp,
    });
  },

  serviceFee(op, fee) {
    const keys = TOKEN_KEYS.reduce((sum, { field }) => sum + countKeys(keyOf(op[field])), 0n);
    return fee.base + extraFee(fee.keys, keys);
  },
});

function isRemoval(key: proto.IKey | null | undefined): boolean {
  return Boolean(key) && isEmptyKey(keyOf(key));
}

function needsAdmin(op: Update): boolean {
  return Boolean(
    op.treasury ||
      op.autoRenewAccount ||
      op.adminKey ||
      op.memo ||
      op.name ||
      op.symbol ||
      op.autoRenewPeriod ||
      op.metadata ||
      TOKEN_KEYS.some(({ field }) => isRemoval(op[field])),
  );
}

/** A role's key is changed by the admin key, or by the role's key together with the new one. */
function requireRoleKeys(op: Update, token: Token, context: PreHandleContext): void {
  for (const { field, missing } of TOKEN_KEYS) {
    const replacement = keyOf(op[field]);
    if (field === "adminKey" || replacement === null || isEmptyKey(replacement)) continue;
    const admin = decodeKey(token.adminKey);
    const current: Key = needed(decodeKey(token[field]), admin ? missing : "TOKEN_IS_IMMUTABLE");
    const unchecked = op.keyVerificationMode === proto.TokenKeyValidation.NO_VALIDATION;
    const own = unchecked ? current : combineKeys([current, replacement], 2);
    context.requireKey(admin ? combineKeys([own, admin], 1) : own, missing);
  }
}

/** Makes another account the treasury: associates it if it must, and moves what the old one holds. */
function movedTreasury(op: Update, token: Token, context: HandleContext): Token["treasury"] {
  const { state } = context;
  const treasury = usableAccount(state, accountIdOf(op.treasury), "INVALID_TREASURY_ACCOUNT_FOR_TOKEN");
  if (!state.relation(treasury.id, token.id)) associateTreasury(state, treasury, token, context);
  if (treasury.id === token.treasury) return token.treasury;
  const to = needed(state.relation(treasury.id, token.id), "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT");
  state.putRelation({ ...to, frozen: false, kycGranted: true });
  const from = usableRelation(state, token.treasury, token.id);
  state.putRelation({ ...from, balance: 0n });
  state.putRelation({ ...to, frozen: false, kycGranted: true, balance: to.balance + from.balance });
  return treasury.id;
}

function associateTreasury(state: State, treasury: Account, token: Token, context: HandleContext): void {
  const { maxAutomaticAssociations } = treasury;
  need(
    maxAutomaticAssociations === -1 || usedAutomaticAssociations(state, treasury) < maxAutomaticAssociations,
    "NO_REMAINING_AUTOMATIC_ASSOCIATIONS",
  );
  state.putRelation(newRelation(treasury.id, token, true, context.consensusTimestamp));
}
