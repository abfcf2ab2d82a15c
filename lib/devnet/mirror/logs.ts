import type { Context } from "hono";
import { type AccountId, entityNum, longZeroAddress } from "../../hedera/id.ts";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import { ACCOUNT } from "../store/entities.ts";
import { BLOCK, type ContractLog } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { evmAddressView } from "./account-view.ts";
import { linksOf, pageRequest, type Routes, replyPage } from "./context.ts";
import { readEntityNumberOrAddress } from "./entity-number.ts";
import { findLogs, matchesTopics, TRANSFER_TOPIC } from "./log-query.ts";
import { filters, limit, numberFilter, order, type Query, single, timestamp } from "./parameters.ts";
import { type RawQuery, readQuery } from "./query.ts";
import { invalidParameter } from "./rest-error.ts";
import { hexView } from "./views.ts";

const topic = filters(
  (text) => {
    const hex = /^(?:0x)?([0-9a-f]{1,64})$/i.exec(text)?.[1];
    return hex === undefined ? null : `0x${hex.toLowerCase().padStart(64, "0")}`;
  },
  ["eq"],
);

/** The parameters of `contracts/{id}/results/logs`. */
export const TOKEN_LOG_LIST = {
  index: numberFilter(),
  limit: limit(),
  order: order("desc"),
  timestamp: timestamp(),
  topic0: topic,
  topic1: topic,
  topic2: topic,
  topic3: topic,
};

/** The parameters of `contracts/results/logs`. */
export const LOG_LIST = {
  ...TOKEN_LOG_LIST,
  "transaction.hash": single((text) => {
    const hex = /^(?:0x)?([0-9a-f]{64}|[0-9a-f]{96})$/i.exec(text)?.[1];
    return hex === undefined ? null : Uint8Array.fromHex(hex);
  }, null),
};

/** The synthetic ERC-20 logs of token transfers: of all tokens, and of one. */
export const logRoutes: Routes = (app, { store }) => {
  app.get("/contracts/results/logs", (c) => {
    const query = readQuery(pageRequest(c).query, LOG_LIST);
    return list(c, store, query, null, query["transaction.hash"]);
  });

  app.get("/contracts/:id/results/logs", (c) => {
    const query = readQuery(pageRequest(c).query, TOKEN_LOG_LIST);
    const token = readEntityNumberOrAddress(c.req.param("id"));
    if (token === null) throw invalidParameter("contractIdOrAddress");
    return list(c, store, query, token, null);
  });
};

function list(
  c: Context,
  store: Store,
  query: Query<typeof TOKEN_LOG_LIST>,
  token: bigint | null,
  transactionHash: Uint8Array | null,
): Response {
  const topics = [query.topic0, query.topic1, query.topic2, query.topic3].map((allowed) =>
    allowed.map(({ value }) => value),
  );
  const { index, timestamp: time } = query;
  const accept = (log: ContractLog) => matchesTopics(logTopics(store, log), topics);
  const asked = {
    token,
    index,
    timestamp: time,
    topics,
    transactionHash,
    limit: query.limit,
    order: query.order,
  };
  const rows = findLogs(store, asked, accept);
  const request = { ...pageRequest(c), query: withoutIndex(pageRequest(c).query) };
  const keys = (row: ContractLog) => [
    { parameter: "timestamp", value: formatTimestamp(row.consensusTimestamp), inclusive: true },
    { parameter: "index", value: row.index.toString() },
  ];
  const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
  return replyPage(c, { logs: rows.map((row) => logView(store, row)), links });
}

function withoutIndex(query: RawQuery): RawQuery {
  return new Map([...query].filter(([name]) => name !== "index"));
}

/** The topics of a synthetic log: the event and the EVM addresses of both sides, zero for a mint or a burn. */
export function logTopics(store: Store, log: Pick<ContractLog, "from" | "to">): string[] {
  return [TRANSFER_TOPIC, addressTopic(store, log.from), addressTopic(store, log.to)];
}

function addressTopic(store: Store, account: AccountId | null): string {
  if (account === null) return `0x${"0".repeat(64)}`;
  const row = store.row(ACCOUNT, 'WHERE "id" = ?', [entityNum(account)]);
  const address = row === null ? longZeroAddress(account) : evmAddressView(row);
  return `0x${address.slice(2).padStart(64, "0")}`;
}

/** The 32 bytes of a log's data: the amount. */
export function logData(log: Pick<ContractLog, "amount">): `0x${string}` {
  return `0x${log.amount.toString(16).padStart(64, "0")}`;
}

function logView(store: Store, log: ContractLog) {
  const block = store.row(BLOCK, 'WHERE "number" = ?', [log.blockNumber]);
  return {
    address: longZeroAddress(log.token),
    block_hash: block === null ? null : hexView(block.hash),
    block_number: log.blockNumber,
    bloom: "0x",
    contract_id: log.token,
    data: logData(log),
    index: log.index,
    root_contract_id: log.token,
    timestamp: formatTimestamp(log.consensusTimestamp),
    topics: logTopics(store, log),
    transaction_hash: hexView(log.transactionHash.subarray(0, 32)),
    transaction_index: log.transactionIndex,
  };
}
