import { expect } from "bun:test";
import * as z from "zod/mini";
import { addSeconds } from "../../hedera/timestamp.ts";
import type { RecordItem } from "../ledger/record.ts";
import { fixedRate } from "../rate/fixed.ts";
import { SAMPLE_START, sampleState } from "../store/sample.ts";
import { Store } from "../store/store.ts";
import type { MirrorSource } from "./context.ts";
import { loadOpenApi } from "./openapi.ts";
import { restApp } from "./rest.ts";

const openApi = loadOpenApi();
const Page = z.looseObject({ links: z.object({ next: z.nullable(z.string()) }) });

/** An answer of the REST API, with numbers beyond 2^53 only in `text`. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** A REST API over the sample state and some blocks of sample transactions, for tests. */
export interface RestFixture {
  readonly store: Store;
  /** Asks for a path under `/api/v1` (or a `links.next`) and checks the answer against the specification where it is at hand. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  close(): void;
}

/** Opens a REST API over sample blocks. */
export function openRest(
  blocks: readonly (readonly RecordItem[])[] = [],
  source: Partial<MirrorSource> = {},
): RestFixture {
  const store = new Store(null);
  store.ingestGenesis(sampleState());
  for (const block of blocks) store.ingest(block);
  const app = restApp({
    store,
    now: () => addSeconds(SAMPLE_START, 3_600),
    rate: fixedRate(30_000, 600_000),
    nodes: [{ account: "0.0.3", address: "127.0.0.1:50211" }],
    ...source,
  });
  return {
    store,
    async get(path, headers = {}) {
      const full = path.startsWith("/api/v1") ? path : `/api/v1${path}`;
      const response = await app.request(full, { headers });
      const text = await response.text();
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json") === true;
      const body: unknown = isJson ? JSON.parse(text) : text;
      const template = (full.split("?")[0] ?? full).replace(/\/$/, "");
      if (isJson && response.status === 200) {
        expect(openApi?.violations(template, response.status, body) ?? []).toEqual([]);
      }
      return { status: response.status, headers: response.headers, text, body };
    },
    close: () => store.close(),
  };
}

/** Follows `links.next` to the end; gives the rows of every page. */
export async function pageThrough(rest: RestFixture, path: string, list: string): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  for (let next: string | null = path; next !== null; ) {
    const { status, body } = await rest.get(next);
    expect(status).toBe(200);
    const page = Page.parse(body);
    pages.push(z.array(z.unknown()).parse(page[list]));
    next = page.links.next;
    if (pages.length > 200) throw new Error(`${path} has no last page`);
  }
  return pages;
}
