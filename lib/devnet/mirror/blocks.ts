import { formatTimestamp, toMillis } from "../../hedera/timestamp.ts";
import { BLOCK, type Block } from "../store/schema.ts";
import { Conditions } from "./conditions.ts";
import { linksOf, pageRequest, type Routes, reply, replyPage } from "./context.ts";
import type { Json } from "./json.ts";
import { filters, limit, long, order, timestamp } from "./parameters.ts";
import { readQuery } from "./query.ts";
import { invalidParameter, notFound } from "./rest-error.ts";
import { hexView } from "./views.ts";

/** The version of the Hedera API protobufs that this network speaks. */
const HAPI_VERSION = "0.66.0";
/** A Bloom filter of 256 bytes that matches nothing. */
export const EMPTY_BLOOM: `0x${string}` = `0x${"00".repeat(256)}`;

/** The parameters of `blocks`. */
export const BLOCK_LIST = {
  "block.number": filters(readBlockNumber, ["eq", "gt", "gte", "lt", "lte"]),
  limit: limit(),
  order: order("desc"),
  timestamp: timestamp(["eq", "gt", "gte", "lt", "lte"]),
};

/** `blocks`, as a list and by hash or number. */
export const blockRoutes: Routes = (app, { store }) => {
  app.get("/blocks", (c) => {
    const request = pageRequest(c);
    const query = readQuery(request.query, BLOCK_LIST);
    const conditions = new Conditions().all('"number"', query["block.number"]).all('"to"', query.timestamp);
    const tail = `${conditions.where} ORDER BY "number" ${query.order} LIMIT ?`;
    const rows = store.rows(BLOCK, tail, [...conditions.values, BigInt(query.limit)]);
    const keys = (row: Block) => [{ parameter: "block.number", value: row.number.toString() }];
    const links = linksOf({ request, rows, limit: query.limit, order: query.order, keys });
    return replyPage(c, { blocks: rows.map(blockView), links });
  });

  app.get("/blocks/:hashOrNumber", (c) => {
    readQuery(pageRequest(c).query, {});
    const conditions = identify(c.req.param("hashOrNumber"));
    const block = store.row(BLOCK, conditions.where, conditions.values);
    if (block === null) throw notFound();
    return reply(c, blockView(block), 600);
  });
};

const HASH = /^(?:0x)?([0-9a-f]{64}|[0-9a-f]{96})$/i;

function identify(text: string): Conditions {
  const hash = HASH.exec(text)?.[1];
  // The Ethereum form of a block's hash is the first 32 of its 48 bytes.
  if (hash?.length === 64) {
    return new Conditions().add(
      '"hash" >= ? AND "hash" < ?',
      Uint8Array.fromHex(hash),
      Uint8Array.fromHex(`${hash}${"ff".repeat(16)}`),
    );
  }
  if (hash !== undefined) return new Conditions().add('"hash" = ?', Uint8Array.fromHex(hash));
  const number = readBlockNumber(text);
  if (number === null) throw invalidParameter("hashOrNumber");
  return new Conditions().add('"number" = ?', number);
}

function readBlockNumber(text: string): bigint | null {
  return /^0x[0-9a-f]{1,15}$/i.test(text) ? BigInt(text) : long(0n)(text);
}

function blockView(block: Block): Json {
  const from = formatTimestamp(block.from);
  const seconds = new Date(toMillis(block.from)).toISOString().slice(0, 19).replaceAll(":", "_");
  return {
    count: block.count,
    gas_used: 0,
    hapi_version: HAPI_VERSION,
    hash: hexView(block.hash),
    logs_bloom: EMPTY_BLOOM,
    name: `${seconds}${from.slice(from.indexOf("."))}Z.rcd`,
    number: block.number,
    previous_hash: hexView(block.previousHash),
    size: null,
    timestamp: { from, to: formatTimestamp(block.to) },
  };
}
