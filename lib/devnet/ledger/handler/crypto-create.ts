import type { proto } from "@hiero-ledger/proto";
import { addSeconds } from "../../../hedera/timestamp.ts";
import { extraFee } from "../fee/fees.ts";
import { isEvmAddress, keyOfAlias } from "../key/alias.ts";
import { countKeys, decodeKey, isEmptyKey, type Key, keyBytes, keyOf } from "../key/key.ts";
import { evmAddressOf } from "../key/verify.ts";
import { LIMITS } from "../limits.ts";
import type { Account } from "../record.ts";
import { need } from "../refusal.ts";
import { aliasKey, type State } from "../state/state.ts";
import { checkAutoRenewSeconds, checkKey, checkMemo } from "../validate.ts";
import { wireAccountId } from "../wire/id.ts";
import { fromLong } from "../wire/int64.ts";
import { durationSeconds } from "../wire/time.ts";
import { defineHandler } from "./handler.ts";

/** `CryptoCreate`: an account with a key, and with an EVM address (HIP-583) where the owner of that one signs. */
export const CRYPTO_CREATE = defineHandler("cryptoCreateAccount", {
  type: "CRYPTOCREATEACCOUNT",
  schedulable: true,

  pureChecks(op) {
    need(Boolean(op.autoRenewPeriod), "INVALID_RENEWAL_PERIOD");
    need((op.maxAutomaticTokenAssociations ?? 0) >= -1, "INVALID_MAX_AUTO_ASSOCIATIONS");
    need(BigInt.asIntN(64, fromLong(op.initialBalance)) >= 0n, "INVALID_INITIAL_BALANCE");
    need(!op.proxyAccountID, "PROXY_ACCOUNT_ID_FIELD_IS_DEPRECATED");
    const alias = aliasOf(op);
    need(alias === null || isEvmAddress(alias) || keyOfAlias(alias) !== null, "INVALID_ALIAS_KEY");
    if (!isEmptyKey(keyOf(op.key))) return;
    if (!op.key) need(false, alias ? "INVALID_ALIAS_KEY" : "KEY_REQUIRED");
    need(false, op.key?.keyList || op.key?.thresholdKey ? "KEY_REQUIRED" : "BAD_ENCODING");
  },

  preHandle(op, context) {
    const alias = aliasOf(op);
    const key = keyOf(op.key);
    if (alias) {
      // Only the network itself, for a transfer to a key, creates an account that has a key for an alias.
      need(isEvmAddress(alias), "INVALID_ALIAS_KEY");
      const payerKey = decodeKey(context.state.accounts.get(context.payer)?.key ?? null);
      if (!isAddressOf(alias, payerKey) && !isAddressOf(alias, key)) context.requireAddress(alias);
    }
    if (op.receiverSigRequired) context.requireKey(key, "BAD_ENCODING");
  },

  handle(op, { state, category, payer, consensusNow, consensusTimestamp, outcome }) {
    const alias = aliasOf(op);
    checkMemo(op.memo ?? "");
    if (alias) checkAlias(state, alias);
    const autoRenewSeconds = durationSeconds(op.autoRenewPeriod) ?? 0n;
    checkAutoRenewSeconds(autoRenewSeconds);
    const maxAutomaticAssociations = op.maxAutomaticTokenAssociations ?? 0;
    need(maxAutomaticAssociations <= LIMITS.automaticAssociations, "INVALID_MAX_AUTO_ASSOCIATIONS");
    // The network itself creates accounts without a key.
    if (category !== "PRECEDING" || !isEmptyKey(keyOf(op.key))) checkKey(op.key);
    const initialBalance = fromLong(op.initialBalance);
    need((state.accounts.get(payer)?.balance ?? 0n) >= initialBalance, "INSUFFICIENT_PAYER_BALANCE");
    const account: Account = {
      id: state.newId(),
      key: keyBytes(op.key),
      memo: op.memo ?? "",
      balance: 0n,
      alias,
      receiverSigRequired: op.receiverSigRequired === true,
      maxAutomaticAssociations,
      autoRenewSeconds,
      expiry: addSeconds(consensusNow, autoRenewSeconds),
      deleted: false,
      created: consensusTimestamp,
    };
    state.putAccount(account);
    state.moveHbar(payer, account.id, initialBalance);
    outcome.entity = account.id;
    outcome.receipt.accountID = wireAccountId(account.id);
  },

  serviceFee(op, fee) {
    return fee.base + extraFee(fee.keys, countKeys(keyOf(op.key)));
  },
});

function aliasOf(op: proto.ICryptoCreateTransactionBody): Uint8Array | null {
  return op.alias && op.alias.length > 0 ? op.alias : null;
}

function isAddressOf(alias: Uint8Array, key: Key | null): boolean {
  const address = key?.kind === "ECDSA_SECP256K1" ? evmAddressOf(key) : null;
  return address !== null && aliasKey(address) === aliasKey(alias);
}

function checkAlias(state: State, alias: Uint8Array): void {
  const owner = state.aliases.get(aliasKey(alias));
  need(!owner || state.accounts.get(owner)?.deleted === true, "ALIAS_ALREADY_ASSIGNED");
}
