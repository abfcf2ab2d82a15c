import { entityNum } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { TokenRelation } from "../ledger/record.ts";
import type { AccountRow } from "../store/entities.ts";
import type { Store } from "../store/store.ts";
import { tokenBalances } from "./account-view.ts";
import type { Filter, Order } from "./parameters.ts";

/**
 * The time as of which a timestamp filter asks for state: equality means "at
 * that time" there; null where nothing bounds it above. Lower bounds and `ne`
 * select among the mirror node's balance snapshots; this mirror knows every
 * time, so they have nothing to select.
 */
export function upperBound(filters: readonly Filter<Timestamp>[]): Timestamp | null {
  let bound: Timestamp | null = null;
  for (const { operator, value } of filters) {
    if (operator !== "eq" && operator !== "lte" && operator !== "lt") continue;
    const time = operator === "lt" ? value - 1n : value;
    bound = bound === null || time < bound ? time : bound;
  }
  return bound;
}

/** What an account held at a time: its balances now less everything that happened since. */
export function balancesAsOf(
  store: Store,
  account: AccountRow,
  time: Timestamp,
  order: Order,
  limit: number,
) {
  const tokens = tokenBalances(store, account.id, order, limit).map((token) => ({
    ...token,
    balance: token.balance - tokenGain(store, token.token_id, account.id, time),
  }));
  return { balance: account.balance - hbarGain(store, account, time), tokens };
}

/** What an account gained of a token after a time. */
export function tokenGain(
  store: Store,
  token: TokenRelation["token"],
  account: AccountRow["id"],
  time: Timestamp,
): bigint {
  const sql = `SELECT coalesce(sum("amount"), 0) AS gain FROM "tokenMovement"
    WHERE "token" = ? AND "account" = ? AND "consensusTimestamp" > ?`;
  return gainOf(store.raw(sql, [entityNum(token), entityNum(account), time]));
}

function hbarGain(store: Store, account: AccountRow, time: Timestamp): bigint {
  const sql = `SELECT coalesce(sum("amount"), 0) AS gain FROM "party"
    WHERE "account" = ? AND "consensusTimestamp" > ?`;
  return gainOf(store.raw(sql, [entityNum(account.id), time]));
}

function gainOf(rows: readonly Record<string, unknown>[]): bigint {
  const gain = rows[0]?.gain;
  return typeof gain === "bigint" ? gain : 0n;
}
