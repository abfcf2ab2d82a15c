import { FestError } from "../../hedera/error.ts";
import { entityNum } from "../../hedera/id.ts";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import { mirrorTransactionId, parseTransactionId } from "../../hedera/transaction-id.ts";
import type { TransactionRecord } from "../ledger/record.ts";
import { SCHEDULE } from "../store/entities.ts";
import { TRANSACTION } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { Conditions } from "./conditions.ts";
import { linksOf, pageRequest, type Routes, reply, replyPage } from "./context.ts";
import type { Json } from "./json.ts";
import {
  entityFilter,
  filters,
  flag,
  limit,
  long,
  OPERATORS,
  order,
  single,
  timestamp,
  word,
} from "./parameters.ts";
import { readQuery } from "./query.ts";
import { badRequest, notFound } from "./rest-error.ts";
import { findTransactions } from "./transaction-query.ts";
import { TRANSACTION_TYPES } from "./transaction-types.ts";
import { keyView, timeView } from "./views.ts";

/** The parameters of `transactions`. */
export const TRANSACTION_LIST = {
  "account.id": entityFilter(OPERATORS),
  limit: limit(),
  order: order("desc"),
  result: single(word(["success", "fail"]), null),
  timestamp: timestamp(),
  transactiontype: filters(word(TRANSACTION_TYPES), ["eq"]),
  type: filters(word(["credit", "debit"]), ["eq"]),
};

const DETAIL = {
  nonce: single(long(0n), null),
  scheduled: flag(null),
};

/** `transactions`, as a list and by id or hash. */
export const transactionRoutes: Routes = (app, { store }) => {
  app.get("/transactions", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, TRANSACTION_LIST);
    const directions = [...new Set(query.type.map(({ value }) => value))];
    const rows =
      directions.length > 1
        ? []
        : findTransactions(store, {
            accounts: query["account.id"],
            timestamp: query.timestamp,
            types: query.transactiontype.map(({ value }) => value),
            result: query.result,
            direction: directions[0] ?? null,
            limit: query.limit,
            order: query.order,
          });
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys: transactionKeys });
    return replyPage(c, { transactions: rows.map(transactionView), links }, 2);
  });

  app.get("/transactions/:id", (c) => {
    const query = readQuery(pageRequest(c).query, DETAIL);
    const conditions = identify(c.req.param("id"));
    if (query.nonce !== null) conditions.add('"nonce" = ?', query.nonce);
    if (query.scheduled !== null) conditions.add('"scheduled" = ?', query.scheduled ? 1n : 0n);
    const rows = store.rows(
      TRANSACTION,
      `${conditions.where} ORDER BY "consensusTimestamp"`,
      conditions.values,
    );
    if (rows.length === 0) throw notFound();
    const transactions = rows.map((row) => ({ ...transactionView(row), assessed_custom_fees: [] }));
    return reply(c, { transactions }, mayStillExecute(store, rows) ? 5 : 600);
  });
};

/** The paging key of a list of transactions. */
export function transactionKeys(row: TransactionRecord) {
  return [{ parameter: "timestamp", value: formatTimestamp(row.consensusTimestamp) }];
}

const HASH_HEX = /^(?:0x)?([0-9a-fA-F]{96})$/;
const HASH_BASE64 = /^[A-Za-z0-9_-]{64}$/;
const DASH_FORM = /^\d+\.\d+\.\d+-\d{1,19}-\d{1,9}$/;

function identify(text: string): Conditions {
  const hex = HASH_HEX.exec(text)?.[1];
  if (hex !== undefined) return byHash(Uint8Array.fromHex(hex));
  if (HASH_BASE64.test(text)) return byHash(Uint8Array.fromBase64(text, { alphabet: "base64url" }));
  try {
    if (DASH_FORM.test(text)) {
      const { payer, validStart } = parseTransactionId(text);
      return new Conditions().add('"payer" = ? AND "validStart" = ?', entityNum(payer), validStart);
    }
  } catch (error) {
    if (!(error instanceof FestError)) throw error;
  }
  const form = 'Please use "shard.realm.num-sss-nnn" format where sss are seconds and nnn are nanoseconds';
  throw badRequest(`Invalid Transaction id. ${form}`);
}

function byHash(hash: Uint8Array): Conditions {
  return new Conditions()
    .add('substr("transactionHash", 1, 8) = ?', hash.subarray(0, 8))
    .add('"transactionHash" = ?', hash);
}

function mayStillExecute(store: Store, rows: readonly TransactionRecord[]): boolean {
  const created = rows.find(({ type, result }) => type === "SCHEDULECREATE" && result === "SUCCESS");
  if (created === undefined || created.entity === null) return false;
  const schedule = store.row(SCHEDULE, 'WHERE "id" = ?', [entityNum(created.entity)]);
  return schedule !== null && schedule.executed === null && schedule.deleted === null;
}

/** A transaction as the REST API gives it. */
export function transactionView(record: TransactionRecord) {
  return {
    batch_key: keyView(record.batchKey),
    bytes: null,
    charged_tx_fee: record.chargedFee,
    consensus_timestamp: formatTimestamp(record.consensusTimestamp),
    entity_id: record.entity,
    high_volume: false,
    high_volume_pricing_multiplier: 0,
    max_custom_fees: [],
    max_fee: record.maxFee.toString(),
    memo_base64: record.memo.toBase64(),
    name: record.type,
    nft_transfers: [],
    node: record.node,
    nonce: record.nonce,
    parent_consensus_timestamp: timeView(record.parentConsensusTimestamp),
    result: record.result,
    scheduled: record.scheduled,
    staking_reward_transfers: [],
    token_transfers: record.tokenTransfers.map(({ token, account, amount }) => ({
      token_id: token,
      account,
      amount,
      is_approval: false,
    })),
    transaction_hash: record.transactionHash.toBase64(),
    transaction_id: mirrorTransactionId(record),
    transfers: record.transfers.map(({ account, amount }) => ({ account, amount, is_approval: false })),
    valid_duration_seconds: record.validDurationSeconds.toString(),
    valid_start_timestamp: formatTimestamp(record.validStart),
  } satisfies Json;
}
