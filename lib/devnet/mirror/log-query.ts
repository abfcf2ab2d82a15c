import { NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import { CONTRACT_LOG, type ContractLog } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { Conditions } from "./conditions.ts";
import type { Filter, Order } from "./parameters.ts";
import { badRequest } from "./rest-error.ts";
import { checkTimestampFilters } from "./transaction-query.ts";

/** `Transfer(address,address,uint256)`, topic 0 of every synthetic log. */
export const TRANSFER_TOPIC = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

const MAX_RANGE = 7n * 24n * 3600n * NANOS_PER_SECOND;

/** What a list of synthetic logs is selected by. */
export interface LogQuery {
  readonly token: bigint | null;
  /** For the next page within one transaction; it goes with the bound on the same side of `timestamp`. */
  readonly index: readonly Filter<bigint>[];
  readonly timestamp: readonly Filter<Timestamp>[];
  /** Allowed values of each of the four topics, `0x` and 64 digits; empty for any. */
  readonly topics: readonly (readonly string[])[];
  readonly transactionHash: Uint8Array | null;
  readonly limit: number;
  readonly order: Order;
}

/** Whether a log has one of the allowed values at each position (as `eth_subscribe` and REST filter). */
export function matchesTopics(topics: readonly string[], allowed: readonly (readonly string[])[]): boolean {
  return allowed.every((values, position) => {
    const topic = topics[position];
    return values.length === 0 || (topic !== undefined && values.includes(topic));
  });
}

/**
 * Synthetic logs in order, those that `accept` says yes to.
 *
 * @throws RestError 400 where filters contradict each other, or topics are asked for without a closed range of 7 days
 */
export function findLogs(
  store: Store,
  query: LogQuery,
  accept: (log: ContractLog) => boolean,
): ContractLog[] {
  checkTimestampFilters(query.timestamp);
  if (query.topics.some((values) => values.length > 0)) checkRange(query);
  const conditions = new Conditions();
  if (query.token !== null) conditions.add('"token" = ?', query.token);
  if (query.transactionHash !== null) {
    conditions.add(
      'substr("transactionHash", 1, ?) = ?',
      BigInt(query.transactionHash.length),
      query.transactionHash,
    );
  }
  addPosition(conditions, query);
  const rows: ContractLog[] = [];
  const order = `ORDER BY "consensusTimestamp" ${query.order}, "index" ${query.order}`;
  for (let offset = 0; ; offset += PAGE) {
    const tail = `${conditions.where} ${order} LIMIT ${PAGE} OFFSET ${offset}`;
    const page = store.rows(CONTRACT_LOG, tail, conditions.values);
    rows.push(...page.filter(accept));
    if (rows.length >= query.limit || page.length < PAGE) return rows.slice(0, query.limit);
  }
}

const PAGE = 100;

function addPosition(conditions: Conditions, { index, timestamp }: LogQuery): void {
  const [only, ...more] = index;
  if (only === undefined) {
    conditions.all('"consensusTimestamp"', timestamp);
    return;
  }
  const side = only.operator.slice(0, 2);
  const partner = timestamp.find(({ operator }) => operator === "eq" || operator === `${side}e`);
  if (more.length > 0 || partner === undefined) {
    throw badRequest(
      "Invalid parameter: index - it needs a timestamp with eq or with the bound on the same side",
    );
  }
  if (partner.operator === "eq" || only.operator === "eq") {
    conditions.all('"consensusTimestamp"', timestamp).all('"index"', index);
    return;
  }
  const rest = timestamp.filter((filter) => filter !== partner);
  const operator = { gt: ">", gte: ">=", lt: "<", lte: "<=", ne: "<>" }[only.operator];
  conditions.all('"consensusTimestamp"', rest);
  conditions.add(`("consensusTimestamp", "index") ${operator} (?, ?)`, partner.value, only.value);
}

function checkRange({ timestamp }: LogQuery): void {
  const bound = (...operators: string[]) =>
    timestamp.find(({ operator }) => operators.includes(operator))?.value;
  if (bound("eq") !== undefined) return;
  const [lower, upper] = [bound("gt", "gte"), bound("lt", "lte")];
  const refuse = (why: string) => badRequest(`Cannot search topics without a valid timestamp range: ${why}`);
  if (lower === undefined || upper === undefined) throw refuse("No timestamp range or eq operator provided");
  if (upper < lower) throw refuse("Timestamp range must have gt (or gte) and lt (or lte)");
  if (upper - lower > MAX_RANGE) {
    throw refuse("Lower and upper bounds must be positive and within 7d");
  }
}
