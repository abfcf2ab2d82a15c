import type * as z from "zod/mini";
import { MirrorMalformed, MirrorRejected } from "./error.ts";
import type { Http, ReadOptions } from "./http.ts";

/** One page of a list. It may be empty and still have a next one. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Reads the page after this one; null on the last page. @throws MirrorError */
  readonly next: ((options?: ReadOptions) => Promise<Page<T>>) | null;
}

/** How a list is cut and ordered. */
export interface PageQuery {
  /** Items a page, 1 to 100; the mirror node's default is 25. */
  readonly limit?: number;
  readonly order?: "asc" | "desc";
}

/** What the body of every list has besides its items. */
export interface Linked {
  readonly links: { readonly next: string | null };
}

/**
 * Reads the page at `path`, whose items `pick` takes from the body, or null if
 * the mirror node says that there is no such list. Following pages are where its
 * own links lead, always on the same host.
 *
 * @throws MirrorError see {@link Http}
 */
export async function findPage<Body extends Linked, T>(
  http: Http,
  path: string,
  schema: z.ZodMiniType<Body>,
  pick: (body: Body) => readonly T[],
  options?: ReadOptions,
): Promise<Page<T> | null> {
  const visited = new Set([path]);

  function pageOf(body: Body, at: string): Page<T> {
    const next = body.links.next === null ? null : fromApiRoot(body.links.next);
    if (next === null) return { items: pick(body), next };
    if (visited.has(next)) {
      // Seen on public mirrors (hiero-mirror-node#11361); following it would never end.
      throw new MirrorMalformed(`${http.baseUrl}${at} links back to ${next}`);
    }
    visited.add(next);
    return {
      items: pick(body),
      next: async (read) => pageOf(await http.get(next, schema, read), next),
    };
  }

  const body = await http.find(path, schema, options);
  return body && pageOf(body, path);
}

/** Like {@link findPage}, where there being no such list is not an answer. @throws MirrorRejected also on 404 */
export async function readPage<Body extends Linked, T>(
  http: Http,
  path: string,
  schema: z.ZodMiniType<Body>,
  pick: (body: Body) => readonly T[],
  options?: ReadOptions,
): Promise<Page<T>> {
  const page = await findPage(http, path, schema, pick, options);
  if (page === null) throw new MirrorRejected(`${http.baseUrl}${path} was not found`, 404);
  return page;
}

/** The part of a link from `/api/v1` on: some mirror nodes write the host, a proxy may add a prefix. */
function fromApiRoot(link: string): string {
  const root = link.indexOf("/api/v1/");
  if (root < 0) throw new MirrorMalformed(`the link ${JSON.stringify(link)} does not lead to /api/v1`);
  return link.slice(root);
}

/** Every item from `first` on, following links until there is none, over empty pages too. */
export async function* itemsFrom<T>(
  first: Page<T>,
  options?: ReadOptions,
): AsyncGenerator<T, void, undefined> {
  for (let page = first; ; page = await page.next(options)) {
    yield* page.items;
    if (page.next === null) return;
  }
}

/** All items from `first` on in one array. */
export async function allItems<T>(first: Page<T>, options?: ReadOptions): Promise<T[]> {
  const items: T[] = [];
  for await (const item of itemsFrom(first, options)) items.push(item);
  return items;
}
