import { entityNum } from "../../hedera/id.ts";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import type { TokenRelation } from "../ledger/record.ts";
import { ACCOUNT, type AccountRow, RELATION, TOKEN } from "../store/entities.ts";
import type { Store } from "../store/store.ts";
import { accountNumber } from "./account-path.ts";
import { accountView, accountWithoutBalance, TOKENS_ALONE, TOKENS_IN_LIST } from "./account-view.ts";
import { balancesAsOf, upperBound } from "./balance-history.ts";
import { Conditions } from "./conditions.ts";
import { linksOf, pageRequest, type Routes, reply, replyPage } from "./context.ts";
import {
  entityFilter,
  filters,
  flag,
  limit,
  numberFilter,
  OPERATORS,
  order,
  type Query,
  readPublicKey,
  timestamp,
  tokenFilter,
  word,
} from "./parameters.ts";
import { readQuery } from "./query.ts";
import { invalidParameter, notFound } from "./rest-error.ts";
import { freezeStatus, kycStatus } from "./tokens.ts";
import { checkTimestampFilters, findTransactions } from "./transaction-query.ts";
import { TRANSACTION_TYPES } from "./transaction-types.ts";
import { transactionKeys, transactionView } from "./transactions.ts";
import { keyForms, timeView } from "./views.ts";

/** The parameters of `accounts`. */
export const ACCOUNT_LIST = {
  "account.balance": numberFilter(OPERATORS),
  "account.id": entityFilter(OPERATORS),
  "account.publickey": filters(readPublicKey, ["eq"]),
  balance: flag(true),
  limit: limit(),
  order: order("asc"),
};

/** The parameters of `accounts/{id}`. */
export const ACCOUNT_DETAIL = {
  limit: limit(),
  order: order("desc"),
  timestamp: timestamp(),
  transactiontype: filters(word(TRANSACTION_TYPES), ["eq"]),
  transactions: flag(true),
};

/** The parameters of `accounts/{id}/tokens`. */
export const ACCOUNT_TOKENS = { limit: limit(), order: order("asc"), "token.id": tokenFilter() };

/** `accounts`: the list, one account with its transactions, and its tokens. */
export const accountRoutes: Routes = (app, { store }) => {
  app.get("/accounts", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, ACCOUNT_LIST);
    const conditions = new Conditions()
      .some('"id"', query["account.id"])
      .all('"balance"', query["account.balance"]);
    for (const { value } of query["account.publickey"]) conditions.in('"key"', keyForms(value));
    const tail = `${conditions.where} ORDER BY "id" ${query.order} LIMIT ?`;
    const rows = store.rows(ACCOUNT, tail, [...conditions.values, BigInt(query.limit)]);
    const keys = (row: AccountRow) => [{ parameter: "account.id", value: row.id }];
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
    const accounts = rows.map((row) =>
      query.balance ? accountView(store, row, query.order, TOKENS_IN_LIST) : accountWithoutBalance(row),
    );
    return replyPage(c, { accounts, links }, 10);
  });

  app.get("/accounts/:id", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, ACCOUNT_DETAIL);
    const account = findAccount(store, c.req.param("id"));
    checkTimestampFilters(query.timestamp);
    const view = accountAsOf(store, account, query);
    if (!query.transactions) return reply(c, { ...view, transactions: [], links: { next: null } }, 2);
    const rows = findTransactions(store, {
      accounts: [{ operator: "eq", value: entityNum(account.id) }],
      timestamp: query.timestamp,
      types: query.transactiontype.map(({ value }) => value),
      result: null,
      direction: null,
      limit: query.limit,
      order: query.order,
    });
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys: transactionKeys });
    return replyPage(c, { ...view, transactions: rows.map(transactionView), links }, 2);
  });

  app.get("/accounts/:id/tokens", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, ACCOUNT_TOKENS);
    const account = findAccount(store, c.req.param("id"));
    const conditions = new Conditions()
      .add('"account" = ? AND "associated" = 1', entityNum(account.id))
      .some('"token"', query["token.id"]);
    const tail = `${conditions.where} ORDER BY "token" ${query.order} LIMIT ?`;
    const rows = store.rows(RELATION, tail, [...conditions.values, BigInt(query.limit)]);
    const keys = (row: TokenRelation) => [{ parameter: "token.id", value: row.token }];
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
    return replyPage(c, { tokens: rows.map((row) => relationView(store, row)), links });
  });
};

/** @throws RestError 400 if it names no account at all, 404 if there is none of this name */
function findAccount(store: Store, text: string): AccountRow {
  const id = accountNumber(store, text);
  if (id === undefined) throw invalidParameter("idOrAliasOrEvmAddress");
  const account = id === null ? null : store.row(ACCOUNT, 'WHERE "id" = ?', [id]);
  if (account === null) throw notFound();
  return account;
}

function accountAsOf(store: Store, account: AccountRow, query: Query<typeof ACCOUNT_DETAIL>) {
  const view = accountView(store, account, query.order, TOKENS_ALONE);
  const time = upperBound(query.timestamp);
  if (time === null) return view;
  const balance = balancesAsOf(store, account, time, query.order, TOKENS_ALONE);
  return { ...view, balance: { ...balance, timestamp: formatTimestamp(time) } };
}

function relationView(store: Store, relation: TokenRelation) {
  const token = store.row(TOKEN, 'WHERE "id" = ?', [entityNum(relation.token)]);
  return {
    automatic_association: relation.automatic,
    balance: relation.balance,
    created_timestamp: timeView(relation.created),
    decimals: token?.decimals ?? null,
    freeze_status: freezeStatus(token, relation),
    kyc_status: kycStatus(token, relation),
    token_id: relation.token,
  };
}
