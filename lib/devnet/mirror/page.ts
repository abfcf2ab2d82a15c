import { readEntityNumberOrAddress } from "./entity-number.ts";
import { type Order, readTimestamp } from "./parameters.ts";
import type { RawQuery } from "./query.ts";

/** A page of a list: where it stands, and what comes after it. */
export interface PageRequest {
  /** The path of the request, without a trailing slash. */
  readonly path: string;
  readonly query: RawQuery;
}

/** The last row of a page, in the parameter by which the list is paged. */
export interface PageKey {
  readonly parameter: string;
  readonly value: string;
  /** Whether the next page may start with rows that have the same value. */
  readonly inclusive?: boolean;
}

const SAME_DIRECTION: Readonly<Record<Order, RegExp>> = { asc: /^gte?:/, desc: /^lte?:/ };
const BOUND = /^([gl])t(e?):(.*)$/;

/**
 * The link to the page after this one, relative and with its query, as the
 * mirror node builds it: bounds of the paging key in the direction of the list
 * are replaced by the last row's value, everything else stays where it was.
 * Null where that leaves nothing.
 *
 * In one case this differs on purpose: where the paging key was given by
 * equality the mirror node answers with a link to the same page again.
 */
export function nextLink(
  { path, query }: PageRequest,
  order: Order,
  keys: readonly PageKey[],
): string | null {
  const next = new Map(query);
  for (const { parameter, value, inclusive } of keys) {
    const given = query.get(parameter) ?? [];
    const kept = given.filter((filter) => !SAME_DIRECTION[order].test(filter));
    const equalities = kept.filter((filter) => !/^(ne|[gl]te?):/.test(filter));
    if (equalities.length === 1 && inclusive !== true) return null;
    const bound = `${order === "asc" ? "gt" : "lt"}${inclusive === true ? "e" : ""}:${value}`;
    if (kept.length === 0 && given.length <= 1) next.delete(parameter);
    next.set(parameter, [...kept, bound]);
  }
  const primary = keys[0]?.parameter ?? "";
  const read = primary === "timestamp" ? readTimestamp : readEntityNumberOrAddress;
  if (isEmptyRange(next.get(primary) ?? [], read)) return null;
  const pairs = [...next].flatMap(([name, values]) => values.map((value) => `${name}=${encodeValue(value)}`));
  return `${path}?${pairs.join("&")}`;
}

function isEmptyRange(filters: readonly string[], read: (text: string) => bigint | null): boolean {
  let lower: bigint | null = null;
  let upper: bigint | null = null;
  for (const filter of filters) {
    const [, side, inclusive, text = ""] = BOUND.exec(filter) ?? [];
    const number = read(text);
    if (side === undefined || number === null) continue;
    const bound: bigint = inclusive === "e" ? number : side === "g" ? number + 1n : number - 1n;
    if (side === "g") lower = lower === null || bound > lower ? bound : lower;
    else upper = upper === null || bound < upper ? bound : upper;
  }
  return lower !== null && upper !== null && upper < lower;
}

function encodeValue(value: string): string {
  return encodeURIComponent(value).replaceAll("%3A", ":");
}
