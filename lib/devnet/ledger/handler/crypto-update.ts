import { extraFee } from "../fee/fees.ts";
import { countKeys, isEmptyKey, keyBytes, keyOf } from "../key/key.ts";
import { LIMITS } from "../limits.ts";
import type { Account } from "../record.ts";
import { need } from "../refusal.ts";
import type { State } from "../state/state.ts";
import { checkKey, checkMemo, updatedExpiry, usableAccount } from "../validate.ts";
import { accountIdOf, wireAccountId } from "../wire/id.ts";
import { defineHandler } from "./handler.ts";

/** `CryptoUpdate`: signed with the account's key, and with the new one where the key changes. */
export const CRYPTO_UPDATE = defineHandler("cryptoUpdateAccount", {
  type: "CRYPTOUPDATEACCOUNT",
  schedulable: true,
  entity: (op) => accountIdOf(op.accountIDToUpdate),

  pureChecks(op) {
    need(Boolean(op.accountIDToUpdate), "INVALID_ACCOUNT_ID");
    need(!op.proxyAccountID, "PROXY_ACCOUNT_ID_FIELD_IS_DEPRECATED");
  },

  preHandle(op, context) {
    context.requireAccountKey(accountIdOf(op.accountIDToUpdate), "INVALID_ACCOUNT_ID");
    if (op.key) context.requireKey(keyOf(op.key), "INVALID_ADMIN_KEY");
  },

  handle(op, { state, consensusNow, outcome }) {
    const account = usableAccount(state, accountIdOf(op.accountIDToUpdate), "INVALID_ACCOUNT_ID");
    checkMemo(op.memo?.value ?? "");
    if (op.key && !isEmptyKey(keyOf(op.key))) checkKey(op.key);
    const update = { expiry: op.expirationTime, autoRenewPeriod: op.autoRenewPeriod };
    const expiry = updatedExpiry(account, update, consensusNow);
    const associations = op.maxAutomaticTokenAssociations?.value;
    if (typeof associations === "number") checkAssociations(state, account, associations);
    const receiverSigRequired = op.receiverSigRequiredWrapper?.value ?? op.receiverSigRequired;
    state.putAccount({
      ...account,
      ...expiry,
      ...(op.key && { key: keyBytes(op.key) }),
      ...(op.memo && { memo: op.memo.value ?? "" }),
      ...(typeof receiverSigRequired === "boolean" && { receiverSigRequired }),
      ...(typeof associations === "number" && { maxAutomaticAssociations: associations }),
    });
    outcome.receipt.accountID = wireAccountId(account.id);
  },

  serviceFee(op, fee) {
    return fee.base + extraFee(fee.keys, countKeys(keyOf(op.key)));
  },
});

function checkAssociations(state: State, account: Account, wanted: number): void {
  need(wanted >= -1, "INVALID_MAX_AUTO_ASSOCIATIONS");
  need(
    wanted === -1 || wanted >= usedAutomaticAssociations(state, account),
    "EXISTING_AUTOMATIC_ASSOCIATIONS_EXCEED_GIVEN_LIMIT",
  );
  need(
    wanted <= LIMITS.automaticAssociations,
    "REQUESTED_NUM_AUTOMATIC_ASSOCIATIONS_EXCEEDS_ASSOCIATION_LIMIT",
  );
}

/** How many of an account's automatic associations are in use. */
export function usedAutomaticAssociations(state: State, account: Account): number {
  return [...state.relationsOf(account.id)].filter(({ automatic }) => automatic).length;
}
