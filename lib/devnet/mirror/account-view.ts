import { entityNum, longZeroAddress } from "../../hedera/id.ts";
import { formatTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import { type AccountRow, RELATION } from "../store/entities.ts";
import type { Store } from "../store/store.ts";
import type { Order } from "./parameters.ts";
import { base32, hexView, keyView, timeView } from "./views.ts";

/** How many token balances an account in a list carries. */
export const TOKENS_IN_LIST = 50;
/** How many token balances an account on its own carries. */
export const TOKENS_ALONE = 1000;

/** The EVM address of an account: of its alias, or the long-zero one. */
export function evmAddressView(account: Pick<AccountRow, "id" | "evmAddress">): `0x${string}` {
  return account.evmAddress === null ? longZeroAddress(account.id) : hexView(account.evmAddress);
}

/** When an account's HBAR balance last changed. */
export function balanceTime(store: Store, account: AccountRow): Timestamp {
  const sql = 'SELECT max("consensusTimestamp") AS time FROM "party" WHERE "account" = ?';
  const time = store.raw(sql, [entityNum(account.id)])[0]?.time;
  return typeof time === "bigint" ? time : account.created;
}

/** The latest of some times; null of none. */
export function latest(times: readonly Timestamp[]): Timestamp | null {
  return times.reduce<Timestamp | null>((known, time) => {
    if (known !== null && known >= time) return known;
    return time;
  }, null);
}

/** The token balances of an account now. */
export function tokenBalances(store: Store, account: AccountRow["id"], order: Order, limit: number) {
  const tail = `WHERE "account" = ? AND "associated" = 1 ORDER BY "token" ${order} LIMIT ?`;
  const relations = store.rows(RELATION, tail, [entityNum(account), BigInt(limit)]);
  return relations.map(({ token, balance }) => ({ token_id: token, balance }));
}

/** An account as `accounts` gives it. */
export function accountView(store: Store, account: AccountRow, order: Order, tokenLimit: number) {
  return {
    ...accountWithoutBalance(account),
    balance: {
      balance: account.balance,
      timestamp: formatTimestamp(balanceTime(store, account)),
      tokens: tokenBalances(store, account.id, order, tokenLimit),
    },
  };
}

/** An account as `accounts?balance=false` gives it. */
export function accountWithoutBalance(account: AccountRow) {
  return {
    account: account.id,
    alias: account.alias === null ? null : base32(account.alias),
    auto_renew_period: account.autoRenewSeconds,
    balance: null,
    created_timestamp: timeView(account.created),
    decline_reward: false,
    delegation_address: "0x",
    deleted: account.deleted,
    ethereum_nonce: 0,
    evm_address: evmAddressView(account),
    expiry_timestamp: timeView(account.expiry),
    key: keyView(account.key),
    max_automatic_token_associations: account.maxAutomaticAssociations,
    memo: account.memo,
    pending_reward: 0,
    receiver_sig_required: account.receiverSigRequired,
    staked_account_id: null,
    staked_node_id: null,
    stake_period_start: null,
  };
}
