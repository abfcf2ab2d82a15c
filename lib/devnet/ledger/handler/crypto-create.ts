import type { proto } from "@hiero-ledger/proto";
import { addSeconds } from "../../../hedera/timestamp.ts";
import { extraFee } from "../fee/fees.ts";
import { countKeys, isEmptyKey, type Key, keyBytes, keyOf, simpleKeys } from "../key/key.ts";
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

/** Bytes of an EVM address, the only alias that a user may give. */
const EVM_ADDRESS_BYTES = 20;

/** `CryptoCreate`: an account with a key, and with an EVM address (HIP-583) where the key's own is given as alias. */
export const CRYPTO_CREATE = defineHandler("cryptoCreateAccount", {
  type: "CRYPTOCREATEACCOUNT",
  schedulable: true,

  pureChecks(op) {
    need(Boolean(op.autoRenewPeriod), "INVALID_RENEWAL_PERIOD");
    need((op.maxAutomaticTokenAssociations ?? 0) >= -1, "INVALID_MAX_AUTO_ASSOCIATIONS");
    need(BigInt.asIntN(64, fromLong(op.initialBalance)) >= 0n, "INVALID_INITIAL_BALANCE");
    need(!op.proxyAccountID, "PROXY_ACCOUNT_ID_FIELD_IS_DEPRECATED");
    const alias = aliasOf(op);
    need(alias === null || alias.length === EVM_ADDRESS_BYTES, "INVALID_ALIAS_KEY");
    if (!isEmptyKey(keyOf(op.key))) return;
    if (!op.key) need(false, alias ? "INVALID_ALIAS_KEY" : "KEY_REQUIRED");
    need(false, op.key?.keyList || op.key?.thresholdKey ? "KEY_REQUIRED" : "BAD_ENCODING");
  },

  preHandle(op, context) {
    const alias = aliasOf(op);
    const key = keyOf(op.key);
    // The alias of a key is the key's to give; it need not sign for itself (`CryptoCreateHandler`).
    if (alias) need(isAliasOf(alias, key), "INVALID_SIGNATURE");
    if (op.receiverSigRequired) context.requireKey(key, "BAD_ENCODING");
  },

  handle(op, { state, payer, consensusNow, consensusTimestamp, outcome }) {
    const alias = aliasOf(op);
    checkMemo(op.memo ?? "");
    if (alias) checkAlias(state, alias);
    const autoRenewSeconds = durationSeconds(op.autoRenewPeriod) ?? 0n;
    checkAutoRenewSeconds(autoRenewSeconds);
    const maxAutomaticAssociations = op.maxAutomaticTokenAssociations ?? 0;
    need(maxAutomaticAssociations <= LIMITS.automaticAssociations, "INVALID_MAX_AUTO_ASSOCIATIONS");
    checkKey(op.key);
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

function isAliasOf(alias: Uint8Array, key: Key | null): boolean {
  for (const simple of simpleKeys(key)) {
    if (simple.kind !== "ECDSA_SECP256K1") continue;
    const address = evmAddressOf(simple);
    if (address && aliasKey(address) === aliasKey(alias)) return true;
  }
  return false;
}

function checkAlias(state: State, alias: Uint8Array): void {
  need(alias.subarray(0, 12).some(Boolean), "INVALID_ALIAS_KEY");
  const owner = state.aliases.get(aliasKey(alias));
  need(!owner || state.accounts.get(owner)?.deleted === true, "ALIAS_ALREADY_ASSIGNED");
}
