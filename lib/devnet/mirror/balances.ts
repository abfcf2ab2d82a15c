import { formatTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import { ACCOUNT, type AccountRow } from "../store/entities.ts";
import type { Store } from "../store/store.ts";
import { accountNumber } from "./account-path.ts";
import { balanceTime, latest, TOKENS_IN_LIST, tokenBalances } from "./account-view.ts";
import { balancesAsOf, upperBound } from "./balance-history.ts";
import { Conditions } from "./conditions.ts";
import { linksOf, pageRequest, type Routes, replyPage } from "./context.ts";
import {
  type Filter,
  filters,
  limit,
  numberFilter,
  OPERATORS,
  type Order,
  order,
  readPublicKey,
  timestamp,
} from "./parameters.ts";
import { readQuery } from "./query.ts";
import { invalidParameter } from "./rest-error.ts";
import { keyForms } from "./views.ts";

/** The parameters of `balances`. */
export const BALANCE_LIST = {
  "account.balance": numberFilter(OPERATORS),
  "account.id": filters((text) => text, OPERATORS),
  "account.publickey": filters(readPublicKey, ["eq"]),
  limit: limit(),
  order: order("desc"),
  timestamp: timestamp(),
};

/** `balances`: what every account holds, now or at a time. */
export const balanceRoutes: Routes = (app, { store }) => {
  app.get("/balances", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, BALANCE_LIST);
    const conditions = new Conditions().some('"id"', accountFilters(store, query["account.id"]));
    for (const { value } of query["account.publickey"]) conditions.in('"key"', keyForms(value));
    const time = upperBound(query.timestamp);
    if (time === null) conditions.all('"balance"', query["account.balance"]);
    else conditions.add('"created" <= ?', time);
    const tail = `${conditions.where} ORDER BY "id" ${query.order} LIMIT ?`;
    const rows = store.rows(ACCOUNT, tail, [...conditions.values, BigInt(query.limit)]);
    const keys = (row: AccountRow) => [{ parameter: "account.id", value: row.id }];
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
    const balances = rows
      .map((row) => balanceView(store, row, time, query.order))
      .filter(({ balance }) => time === null || matches(balance, query["account.balance"]));
    const newest = latest(rows.map((row) => balanceTime(store, row)));
    const at = newest === null ? null : formatTimestamp(time ?? newest);
    return replyPage(c, { timestamp: at, balances, links });
  });
};

/** Resolves EVM addresses and aliases; an unknown one matches no account. @throws RestError 400 */
function accountFilters(store: Store, given: readonly Filter<string>[]): Filter<bigint>[] {
  return given.map(({ operator, value }) => {
    const number = accountNumber(store, value);
    const isName = !/^[\d.]+$/.test(value);
    if (number === undefined || (isName && operator !== "eq")) throw invalidParameter("account.id");
    return { operator, value: number ?? -1n };
  });
}

function balanceView(store: Store, account: AccountRow, time: Timestamp | null, order: Order) {
  const now = { balance: account.balance, tokens: tokenBalances(store, account.id, order, TOKENS_IN_LIST) };
  const held = time === null ? now : balancesAsOf(store, account, time, order, TOKENS_IN_LIST);
  return { account: account.id, ...held };
}

function matches(balance: bigint, given: readonly Filter<bigint>[]): boolean {
  const compare = {
    eq: (value: bigint) => balance === value,
    ne: (value: bigint) => balance !== value,
    gt: (value: bigint) => balance > value,
    gte: (value: bigint) => balance >= value,
    lt: (value: bigint) => balance < value,
    lte: (value: bigint) => balance <= value,
  };
  return given.every(({ operator, value }) => compare[operator](value));
}
