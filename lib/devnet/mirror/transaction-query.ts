import type { Timestamp } from "../../hedera/timestamp.ts";
import type { TransactionRecord } from "../ledger/record.ts";
import {
  COMMON_TYPE,
  FAILED_CONDITION,
  RARE_TYPE_CONDITION,
  SUCCESS_RESULTS,
  TRANSACTION,
} from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { Conditions } from "./conditions.ts";
import type { Filter, Order } from "./parameters.ts";
import { badRequest } from "./rest-error.ts";

/** What a list of transactions is selected by. */
export interface TransactionQuery {
  readonly accounts: readonly Filter<bigint>[];
  readonly timestamp: readonly Filter<Timestamp>[];
  readonly types: readonly string[];
  readonly result: "success" | "fail" | null;
  /** Whether an account gained or lost something. */
  readonly direction: "credit" | "debit" | null;
  readonly limit: number;
  readonly order: Order;
}

/** Transactions, in consensus order or its reverse. @throws RestError 400 for contradicting timestamp filters */
export function findTransactions(store: Store, query: TransactionQuery): TransactionRecord[] {
  checkTimestampFilters(query.timestamp);
  if (query.accounts.length > 0) return ofAccounts(store, query);
  const conditions = transactionConditions(query, '"consensusTimestamp"', '"type"');
  if (query.types.length > 0 && !query.types.includes(COMMON_TYPE)) conditions.add(RARE_TYPE_CONDITION);
  if (query.direction === "debit") conditions.add(`"transfers" || ' ' || "tokenTransfers" GLOB '*:-*'`);
  if (query.direction === "credit") conditions.add(`"transfers" || ' ' || "tokenTransfers" GLOB '*:[1-9]*'`);
  const index = query.result === "fail" ? "INDEXED BY transactionFailed" : "";
  const tail = `${index} ${conditions.where} ORDER BY "consensusTimestamp" ${query.order} LIMIT ?`;
  return store.rows(TRANSACTION, tail, [...conditions.values, BigInt(query.limit)]);
}

/**
 * Timestamp filters where the mirror node is strict: at most one lower and one
 * upper bound, and no equality beside them.
 *
 * @throws RestError 400
 */
export function checkTimestampFilters(filters: readonly Filter<Timestamp>[]): void {
  const uses = (...operators: string[]) =>
    filters.filter(({ operator }) => operators.includes(operator)).length;
  const refuse = (what: string) => badRequest(`${what} for timestamp param`);
  if (uses("gt", "gte") > 1) throw refuse("Multiple gt or gte operators not permitted");
  if (uses("lt", "lte") > 1) throw refuse("Multiple lt or lte operators not permitted");
  const equal = uses("eq");
  if (equal > 0 && equal < filters.length) throw refuse("Cannot combine eq with ne, gt, gte, lt, or lte");
}

// What the network itself added to a transaction is listed for those whom it moved something, not for the payer.
const LISTED = `(p."credit" OR p."debit" OR t."nonce" = 0 OR t."parentConsensusTimestamp" IS NOT NULL
  OR t."type" IN ('CRYPTOCREATEACCOUNT', 'CRYPTOUPDATEACCOUNT'))`;

function ofAccounts(store: Store, query: TransactionQuery): TransactionRecord[] {
  const equal = query.accounts.filter(({ operator }) => operator === "eq");
  const ranges = query.accounts.filter(({ operator }) => operator !== "eq");
  const limit = BigInt(query.limit);
  const parts = equal.length > 0 ? equal.map((filter) => [filter, ...ranges]) : [ranges];
  // Rare types are found without looking at every message that an account has paid for.
  const isRare = query.types.length === 1 && query.types[0] !== COMMON_TYPE;
  const selects = parts.map((accounts) => {
    const conditions = transactionConditions(query, 'p."consensusTimestamp"', 'p."type"');
    conditions.all('p."account"', accounts).add(LISTED);
    if (isRare) conditions.add(`p.${RARE_TYPE_CONDITION}`);
    if (query.direction !== null) conditions.add(`p."${query.direction}"`);
    const index = isRare ? "INDEXED BY partyByType" : "";
    const sql = `SELECT * FROM (SELECT DISTINCT p."consensusTimestamp" AS time FROM "party" p ${index}
      CROSS JOIN "transaction" t ON t."consensusTimestamp" = p."consensusTimestamp"
      ${conditions.where} ORDER BY p."consensusTimestamp" ${query.order} LIMIT ?)`;
    return { sql, values: [...conditions.values, limit] };
  });
  const union = selects.map(({ sql }) => sql).join(" UNION ");
  const tail = `WHERE "consensusTimestamp" IN (${union}) ORDER BY "consensusTimestamp" ${query.order} LIMIT ?`;
  return store.rows(TRANSACTION, tail, [...selects.flatMap(({ values }) => values), limit]);
}

function transactionConditions(query: TransactionQuery, time: string, type: string): Conditions {
  const conditions = new Conditions().all(time, query.timestamp);
  if (query.types.length > 0) conditions.in(type, query.types);
  if (query.result === "success") conditions.in('"result"', SUCCESS_RESULTS);
  if (query.result === "fail") conditions.add(FAILED_CONDITION);
  return conditions;
}
