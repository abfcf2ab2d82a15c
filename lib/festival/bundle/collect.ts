import * as z from "zod/mini";
import { parseJson } from "../../mirror/json.ts";
import { type BundleRecord, readRecord, recordKey } from "./bundle.ts";

/** Where an answer holds what is kept: one thing, or a list of them. */
const PLACES: readonly { readonly path: RegExp; readonly kind: string; readonly list?: string }[] = [
  { path: /^\/api\/v1\/topics\/[\d.]+\/messages\/\d+$/, kind: "message" },
  { path: /^\/api\/v1\/topics\/[\d.]+\/messages$/, kind: "message", list: "messages" },
  { path: /^\/api\/v1\/topics\/[\d.]+$/, kind: "topic" },
  { path: /^\/api\/v1\/transactions(\/[\d.-]+)?$/, kind: "transaction", list: "transactions" },
  { path: /^\/api\/v1\/schedules\/[\d.]+$/, kind: "schedule" },
  { path: /^\/api\/v1\/blocks$/, kind: "block", list: "blocks" },
  { path: /^\/api\/v1\/tokens\/[\d.]+$/, kind: "token" },
];
const RATES = "/api/v1/network/exchangerate";
const lists = z.record(z.string(), z.unknown());

/** Keeps what a mirror node answers, so that the same questions can be answered without it. */
export class Collector {
  readonly #records = new Map<string, BundleRecord>();

  /** What was kept, in the order in which it was first seen. */
  get records(): readonly BundleRecord[] {
    return [...this.#records.values()];
  }

  /** Keeps what is worth it of one answer. */
  readonly take = (url: URL, status: number, text: string): void => {
    for (const one of recordsIn(url, status, text)) this.#records.set(recordKey(one), one);
  };
}

/** What of an answer a bundle keeps; what is not as a mirror node answers is not, and its reader will say so. */
function recordsIn(url: URL, status: number, text: string): readonly BundleRecord[] {
  const path = url.pathname.slice(url.pathname.indexOf("/api/v1/"));
  if (path === RATES) return rateIn(url, status, text);
  const place = PLACES.find((one) => one.path.test(path));
  if (place === undefined || status !== 200) return [];
  const body = parsed(text);
  const listed = place.list === undefined ? [body] : z.safeParse(lists, body).data?.[place.list];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((one) => readRecord({ kind: place.kind, body: one }) ?? []);
}

function rateIn(url: URL, status: number, text: string): readonly BundleRecord[] {
  const at = url.searchParams.get("timestamp")?.replace(/^lte:/, "");
  if (at === undefined || (status !== 200 && status !== 404)) return [];
  const one = readRecord({ kind: "rate", at, body: status === 404 ? null : parsed(text) });
  return one === null ? [] : [one];
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
