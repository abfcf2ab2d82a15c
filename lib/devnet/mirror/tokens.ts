import { entityNum } from "../../hedera/id.ts";
import { formatTimestamp, type Timestamp } from "../../hedera/timestamp.ts";
import type { Token, TokenRelation } from "../ledger/record.ts";
import { ACCOUNT, RELATION, TOKEN } from "../store/entities.ts";
import type { Store } from "../store/store.ts";
import { balanceTime, latest } from "./account-view.ts";
import { tokenGain, upperBound } from "./balance-history.ts";
import { Conditions } from "./conditions.ts";
import { linksOf, pageRequest, type Routes, reply, replyPage } from "./context.ts";
import { readEntityNumberOrAddress } from "./entity-number.ts";
import {
  entityFilter,
  filters,
  limit,
  numberFilter,
  OPERATORS,
  order,
  readPublicKey,
  single,
  timestamp,
  tokenFilter,
  word,
} from "./parameters.ts";
import { readQuery } from "./query.ts";
import { badRequest, invalidParameter, notFound } from "./rest-error.ts";
import { keyForms, keyView } from "./views.ts";

/** The parameters of `tokens`. */
export const TOKEN_LIST = {
  "account.id": entityFilter(["eq"]),
  limit: limit(),
  name: single((text) => (text.length >= 3 && Buffer.byteLength(text) <= 100 ? text : null), null),
  order: order("asc"),
  publickey: filters(readPublicKey, ["eq"]),
  "token.id": tokenFilter(),
  type: filters(word(["ALL", "FUNGIBLE_COMMON", "NON_FUNGIBLE_UNIQUE"]), ["eq"]),
};

const DETAIL = { timestamp: timestamp(["eq", "lt", "lte"]) };

/** The parameters of `tokens/{id}/balances`. */
export const TOKEN_BALANCES = {
  "account.balance": numberFilter(OPERATORS),
  "account.id": entityFilter(OPERATORS),
  "account.publickey": filters(readPublicKey, ["eq"]),
  limit: limit(),
  order: order("desc"),
  timestamp: timestamp(),
};

/** `tokens`: the list, one token, and who holds it. */
export const tokenRoutes: Routes = (app, { store }) => {
  app.get("/tokens", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, TOKEN_LIST);
    if (query.name !== null && (query["account.id"].length > 0 || query["token.id"].length > 0)) {
      throw badRequest("Invalid parameter usage: name - cannot be combined with token.id or account.id");
    }
    const conditions = new Conditions().some('"id"', query["token.id"]);
    if (query.name !== null) conditions.add(`instr(lower("name"), lower(?)) > 0`, query.name);
    for (const { value } of query.publickey) conditions.in('"adminKey"', keyForms(value));
    for (const { value } of query["account.id"]) {
      conditions.add(
        '"id" IN (SELECT "token" FROM "relation" WHERE "account" = ? AND "associated" = 1)',
        value,
      );
    }
    const types = query.type.map(({ value }) => value);
    // Every token of this network is fungible.
    if (types.length > 0 && !types.includes("ALL") && !types.includes("FUNGIBLE_COMMON")) conditions.add("0");
    const tail = `${conditions.where} ORDER BY "id" ${query.order} LIMIT ?`;
    const rows = store.rows(TOKEN, tail, [...conditions.values, BigInt(query.limit)]);
    const keys = (row: Token) => [{ parameter: "token.id", value: row.id }];
    const paged = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
    const links = query.name === null ? paged : { next: null };
    return replyPage(c, { tokens: rows.map(tokenItem), links }, 10);
  });

  app.get("/tokens/:id", (c) => {
    const query = readQuery(pageRequest(c).query, DETAIL);
    const token = store.row(TOKEN, 'WHERE "id" = ?', [readToken(c.req.param("id"))]);
    const time = upperBound(query.timestamp);
    if (token === null || (time !== null && token.created > time)) throw notFound();
    return reply(c, tokenView(token), 5);
  });

  app.get("/tokens/:id/balances", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, TOKEN_BALANCES);
    const conditions = new Conditions()
      .add('"token" = ? AND "associated" = 1', readToken(c.req.param("id")))
      .some('"account"', query["account.id"])
      .all('"balance"', query["account.balance"]);
    for (const { value } of query["account.publickey"]) {
      const forms = keyForms(value);
      const marks = forms.map(() => "?").join(", ");
      conditions.add(`"account" IN (SELECT "id" FROM "account" WHERE "key" IN (${marks}))`, ...forms);
    }
    const time = upperBound(query.timestamp);
    if (time !== null) conditions.add('"created" <= ?', time);
    const tail = `${conditions.where} ORDER BY "account" ${query.order} LIMIT ?`;
    const rows = store.rows(RELATION, tail, [...conditions.values, BigInt(query.limit)]);
    const keys = (row: TokenRelation) => [{ parameter: "account.id", value: row.account }];
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
    return replyPage(c, { ...holders(store, rows, time), links });
  });
};

/** @throws RestError 400 */
function readToken(text: string): bigint {
  const id = readEntityNumberOrAddress(text);
  if (id === null) throw invalidParameter("token.id");
  return id;
}

function holders(store: Store, rows: readonly TokenRelation[], time: Timestamp | null) {
  const changes: Timestamp[] = [];
  const balances = rows.map(({ account, token, balance }) => {
    const decimals = store.row(TOKEN, 'WHERE "id" = ?', [entityNum(token)])?.decimals ?? 0;
    const owner = store.row(ACCOUNT, 'WHERE "id" = ?', [entityNum(account)]);
    if (owner !== null) changes.push(balanceTime(store, owner));
    const gain = time === null ? 0n : tokenGain(store, token, account, time);
    return { account, balance: balance - gain, decimals };
  });
  const newest = latest(changes);
  return { timestamp: newest === null ? null : formatTimestamp(time ?? newest), balances };
}

/** Whether an association is frozen, as the REST API says it. */
export function freezeStatus(token: Token | null, { frozen }: TokenRelation) {
  if (token === null || token.freezeKey === null) return "NOT_APPLICABLE";
  return frozen ? "FROZEN" : "UNFROZEN";
}

/** Whether an association has passed KYC, as the REST API says it. */
export function kycStatus(token: Token | null, { kycGranted }: TokenRelation) {
  if (token === null || token.kycKey === null) return "NOT_APPLICABLE";
  return kycGranted ? "GRANTED" : "REVOKED";
}

function tokenItem(token: Token) {
  return {
    admin_key: keyView(token.adminKey),
    decimals: token.decimals,
    metadata: "",
    name: token.name,
    symbol: token.symbol,
    token_id: token.id,
    type: "FUNGIBLE_COMMON",
  };
}

function tokenView(token: Token) {
  return {
    admin_key: keyView(token.adminKey),
    auto_renew_account: token.autoRenewAccount,
    auto_renew_period: token.autoRenewSeconds,
    created_timestamp: formatTimestamp(token.created),
    custom_fees: { created_timestamp: formatTimestamp(token.created), fixed_fees: [], fractional_fees: [] },
    decimals: token.decimals.toString(),
    deleted: token.deleted,
    expiry_timestamp: token.expiry,
    fee_schedule_key: keyView(token.feeScheduleKey),
    freeze_default: token.freezeDefault,
    freeze_key: keyView(token.freezeKey),
    initial_supply: token.initialSupply.toString(),
    kyc_key: keyView(token.kycKey),
    max_supply: token.maxSupply.toString(),
    memo: token.memo,
    metadata: "",
    metadata_key: keyView(token.metadataKey),
    modified_timestamp: formatTimestamp(token.modified),
    name: token.name,
    pause_key: keyView(token.pauseKey),
    pause_status: token.pauseKey === null ? "NOT_APPLICABLE" : token.paused ? "PAUSED" : "UNPAUSED",
    supply_key: keyView(token.supplyKey),
    supply_type: token.supplyType,
    symbol: token.symbol,
    token_id: token.id,
    total_supply: token.totalSupply.toString(),
    treasury_account_id: token.treasury,
    type: "FUNGIBLE_COMMON",
    wipe_key: keyView(token.wipeKey),
  };
}
