import type { Context } from "hono";
import { formatHbar } from "../../hedera/amount.ts";
import type { ConsensusNode } from "../../hedera/network.ts";
import { formatTimestamp, NANOS_PER_SECOND, secondsOf, type Timestamp } from "../../hedera/timestamp.ts";
import type { ExchangeRate } from "../ledger/exchange-rate.ts";
import { ACCOUNT } from "../store/entities.ts";
import type { Store } from "../store/store.ts";
import { balancesAsOf, upperBound } from "./balance-history.ts";
import { linksOf, type MirrorSource, pageRequest, type Routes, reply, replyPage } from "./context.ts";
import { estimateFees } from "./fee-estimate.ts";
import {
  entityFilter,
  type Filter,
  limit,
  numberFilter,
  order,
  single,
  timestamp,
  word,
} from "./parameters.ts";
import { readQuery } from "./query.ts";
import { notFoundDetail } from "./rest-error.ts";
import { networkStake } from "./stake.ts";

const TOTAL_SUPPLY = 5_000_000_000_000_000_000n;
const SECONDS_PER_HOUR = 3600n;
/** The price of gas in the fee schedule, in thousandths of a tinycent. */
const GAS_PRICE = 852_000n;

const RATE = { timestamp: timestamp() };
const SUPPLY = { q: single(word(["totalcoins", "circulating"]), null), timestamp: timestamp() };
const FEES = { order: order("asc"), timestamp: timestamp() };
/** The parameters of `network/nodes`. */
export const NODE_LIST = {
  "file.id": entityFilter(["eq"]),
  limit: limit(10, 25),
  "node.id": numberFilter(),
  order: order("asc"),
};

/** `network/*`: exchange rate, supply, fees and their estimate, stake and nodes. */
export const networkRoutes: Routes = (app, source) => {
  app.get("/network/exchangerate", (c) => {
    const query = readQuery(pageRequest(c).query, RATE);
    const at = upperBound(query.timestamp) ?? source.now();
    const published = hourOf(at);
    if (published < lowerBound(query.timestamp)) throw notFoundDetail("File not found");
    const body = {
      current_rate: rateView(source.rate(published)),
      next_rate: rateView(source.rate(published + SECONDS_PER_HOUR * NANOS_PER_SECOND)),
      timestamp: formatTimestamp(published),
    };
    return reply(c, body, 60);
  });

  app.get("/network/supply", (c) => supply(c, source));

  app.get("/network/fees", (c) => {
    const query = readQuery(pageRequest(c).query, FEES);
    const at = upperBound(query.timestamp) ?? source.now();
    const { centEquivalent, hbarEquivalent } = source.rate(at);
    const gas = (GAS_PRICE * BigInt(hbarEquivalent)) / (BigInt(centEquivalent) * 1000n);
    const types = ["ContractCall", "ContractCreate", "EthereumTransaction"];
    if (query.order === "desc") types.reverse();
    const fees = types.map((type) => ({ gas, transaction_type: type }));
    return reply(c, { fees, timestamp: formatTimestamp(hourOf(at)) }, 60);
  });

  app.post("/network/fees", estimateFees);

  app.get("/network/stake", (c) => {
    readQuery(pageRequest(c).query, {});
    return reply(c, networkStake(source), 60);
  });

  app.get("/network/nodes", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, NODE_LIST);
    const known = source.nodes.map((node, index) => ({ node, id: BigInt(index) }));
    if (query.order === "desc") known.reverse();
    const files = query["file.id"].map(({ value }) => value);
    const rows = known
      .filter(
        ({ id }) => files.every((file) => file === 101n || file === 102n) && selects(query["node.id"], id),
      )
      .slice(0, query.limit);
    const keys = (row: { id: bigint }) => [{ parameter: "node.id", value: row.id.toString() }];
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
    const since = source.store.row(ACCOUNT, 'ORDER BY "id" LIMIT 1')?.created ?? 0n;
    return replyPage(c, { nodes: rows.map(({ node, id }) => nodeView(node, id, since)), links }, 60);
  });
};

/** The exchange-rate file is published at every full hour. */
function hourOf(time: Timestamp): Timestamp {
  return (secondsOf(time) / SECONDS_PER_HOUR) * SECONDS_PER_HOUR * NANOS_PER_SECOND;
}

function lowerBound(filters: readonly Filter<Timestamp>[]): Timestamp {
  const bounds = filters.filter(({ operator }) => operator === "gt" || operator === "gte");
  return bounds.map(({ operator, value }) => (operator === "gt" ? value + 1n : value)).reduce(later, 0n);
}

function later(a: Timestamp, b: Timestamp): Timestamp {
  if (a > b) return a;
  return b;
}

function rateView({ centEquivalent, hbarEquivalent, expirationSeconds }: ExchangeRate) {
  return {
    cent_equivalent: centEquivalent,
    expiration_time: expirationSeconds,
    hbar_equivalent: hbarEquivalent,
  };
}

/** The accounts whose HBAR counts as not released (`unreleasedSupplyAccounts` of the mirror node). */
const UNRELEASED =
  '("id" IN (2, 42) OR "id" BETWEEN 44 AND 71 OR "id" BETWEEN 73 AND 87 OR "id" BETWEEN 99 AND 100 OR "id" BETWEEN 200 AND 349 OR "id" BETWEEN 400 AND 750)';

function supply(c: Context, { store, now }: MirrorSource): Response {
  const query = readQuery(pageRequest(c).query, SUPPLY);
  const time = upperBound(query.timestamp);
  const released = TOTAL_SUPPLY - unreleased(store, time);
  if (query.q !== null) return c.text(formatHbar(query.q === "totalcoins" ? TOTAL_SUPPLY : released));
  const body = {
    released_supply: released.toString(),
    timestamp: formatTimestamp(time ?? store.lastBlock?.to ?? now()),
    total_supply: TOTAL_SUPPLY.toString(),
  };
  return reply(c, body, 60);
}

function unreleased(store: Store, time: Timestamp | null): bigint {
  const accounts = store.rows(ACCOUNT, `WHERE ${UNRELEASED}`);
  const held = accounts.map((account) =>
    time === null ? account.balance : balancesAsOf(store, account, time, "asc", 0).balance,
  );
  return held.reduce((sum, balance) => sum + balance, 0n);
}

function selects(given: readonly Filter<bigint>[], id: bigint): boolean {
  const equal = given.filter(({ operator }) => operator === "eq");
  const ranges = given.filter(({ operator }) => operator !== "eq");
  const inRange = ranges.every(({ operator, value }) => {
    if (operator === "gt") return id > value;
    if (operator === "gte") return id >= value;
    return operator === "lt" ? id < value : id <= value;
  });
  return inRange && (equal.length === 0 || equal.some(({ value }) => value === id));
}

function nodeView({ account, address }: ConsensusNode, id: bigint, since: Timestamp) {
  const [host = "", port = "0"] = address.split(":");
  return {
    admin_key: null,
    associated_registered_nodes: [],
    decline_reward: true,
    description: "devnet",
    file_id: "0.0.102",
    grpc_proxy_endpoint: null,
    max_stake: null,
    memo: account,
    min_stake: null,
    node_account_id: account,
    node_cert_hash: "0x",
    node_id: id,
    public_key: "0x",
    reward_rate_start: 0,
    service_endpoints: [{ domain_name: "", ip_address_v4: host, port: Number(port) }],
    stake: 0,
    stake_not_rewarded: 0,
    stake_rewarded: 0,
    staking_period: null,
    timestamp: { from: formatTimestamp(since), to: null },
  };
}
