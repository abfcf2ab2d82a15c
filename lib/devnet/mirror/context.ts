import type { Context, Hono } from "hono";
import type { ConsensusNode } from "../../hedera/network.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { ExchangeRate } from "../ledger/exchange-rate.ts";
import type { Store } from "../store/store.ts";
import { type Json, stringifyJson } from "./json.ts";
import { nextLink, type PageKey, type PageRequest } from "./page.ts";
import type { Order } from "./parameters.ts";
import { rawQuery } from "./query.ts";

/** What the mirror's endpoints answer from. */
export interface MirrorSource {
  readonly store: Store;
  /** The clock, for what is true now. */
  readonly now: () => Timestamp;
  /** The exchange rate in force at a time. */
  readonly rate: (at: Timestamp) => ExchangeRate;
  readonly nodes: readonly ConsensusNode[];
}

/** Adds the endpoints of one resource to the application. */
export type Routes = (app: Hono, source: MirrorSource) => void;

/** The path and query of a request, as `links.next` needs them. */
export function pageRequest(c: Context): PageRequest {
  const path = c.req.path.replace(/\/$/, "");
  return { path, query: rawQuery(new URL(c.req.url)) };
}

/** Answers with JSON that may be cached for a while, with an ETag; 304 where the client has it already. */
export function reply(c: Context, body: Json, maxAgeSeconds: number): Response {
  const text = stringifyJson(body);
  const etag = `W/"${text.length.toString(16)}-${Bun.hash(text).toString(36)}"`;
  const headers = { "Cache-Control": `public, max-age=${maxAgeSeconds}`, ETag: etag };
  const known = c.req.header("If-None-Match")?.split(/\s*,\s*/) ?? [];
  if (known.includes(etag) || known.includes("*")) return c.body(null, 304, headers);
  return c.body(text, 200, { ...headers, "Content-Type": "application/json; charset=utf-8" });
}

/** A list with the link to its next page. */
export interface Page<Row> {
  readonly request: PageRequest;
  readonly rows: readonly Row[];
  readonly limit: number;
  readonly order: Order;
  /** The paging keys of a row. */
  readonly keys: (row: Row) => readonly PageKey[];
}

/** `links` of a page: there is a next one exactly where this one is full. */
export function linksOf<Row>({ request, rows, limit, order, keys }: Page<Row>): { next: string | null } {
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { next: last === undefined ? null : nextLink(request, order, keys(last)) };
}

/** Answers with a page of a list; its link also goes into the header `Link`. */
export function replyPage(
  c: Context,
  body: { readonly links: { next: string | null } } & { readonly [key: string]: Json },
  maxAgeSeconds = 1,
): Response {
  if (body.links.next !== null) c.header("Link", `<${body.links.next}>; rel="next"`);
  return reply(c, body, maxAgeSeconds);
}
