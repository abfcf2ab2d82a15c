import * as z from "zod/mini";
import { describeError } from "../hedera/error.ts";
import { formatTimestamp, type Timestamp, toMillis } from "../hedera/timestamp.ts";
import { type Backoff, backoffMs } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import { MirrorError, MirrorMalformed, MirrorRejected, MirrorUnavailable } from "./error.ts";
import { parseJson } from "./json.ts";

/** The part of `fetch` that the mirror client uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What a single read may be told. */
export interface ReadOptions {
  /** Ends the read; its promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** How often to try again when the mirror node is unavailable; 0 for once only. */
  readonly retries?: number;
}

/** How to reach a mirror node. */
export interface HttpOptions {
  /** Base URL of the REST API; a trailing `/api/v1` or slash is ignored. */
  readonly baseUrl: string;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** How long one request may take, its body included; 10 s by default. */
  readonly timeoutMs?: number;
  /** How often a read is tried again by default; 4. */
  readonly retries?: number;
  /** Waits between the attempts of one read; 250 ms doubling to 4 s by default. */
  readonly backoff?: Backoff;
}

/** GET requests to one mirror node, each answer parsed against its schema. */
export interface Http {
  /** Without a trailing slash and without `/api/v1`. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /**
   * Reads `path` (from `/api/v1` on), or null if the mirror node says that there is no such thing.
   *
   * @throws MirrorUnavailable after the last retry
   * @throws MirrorRejected on any other 4xx
   * @throws MirrorMalformed if the answer does not fit `schema`
   */
  find<T>(path: string, schema: z.ZodMiniType<T>, options?: ReadOptions): Promise<T | null>;
  /** Like `find`, where there being no such thing is not an answer. @throws MirrorRejected also on 404 */
  get<T>(path: string, schema: z.ZodMiniType<T>, options?: ReadOptions): Promise<T>;
}

/** No read waits longer for a mirror node that asks for patience; it fails instead. */
const LONGEST_RETRY_AFTER_MS = 10_000;

const errorBody = z.object({
  _status: z.object({
    messages: z.array(z.object({ message: z.string(), detail: z.nullish(z.string()) })),
  }),
});

/** Makes the HTTP part of a mirror client. */
export function createHttp(options: HttpOptions): Http {
  const baseUrl = normaliseBaseUrl(options.baseUrl);
  const clock = options.clock ?? systemClock;
  const backoff = options.backoff ?? { firstMs: 250, maxMs: 4_000 };
  const fetcher: Fetch = options.fetch ?? ((url, init) => fetch(url, init));
  const timeoutMs = options.timeoutMs ?? 10_000;

  async function once<T>(path: string, schema: z.ZodMiniType<T>, signal?: AbortSignal): Promise<T | null> {
    const url = baseUrl + path;
    const { response, text } = await exchange(fetcher, url, { clock, timeoutMs, signal });
    if (response.status === 200) return parseAnswer(url, text, schema);
    return refuse(url, response, text, clock);
  }

  async function find<T>(path: string, schema: z.ZodMiniType<T>, read: ReadOptions = {}): Promise<T | null> {
    const retries = read.retries ?? options.retries ?? 4;
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(path, schema, read.signal);
      } catch (error) {
        if (!(error instanceof MirrorUnavailable) || attempt >= retries) throw error;
        const askedMs = error.retryAfterMs ?? 0;
        if (askedMs > LONGEST_RETRY_AFTER_MS) throw error;
        await clock.sleep(Math.max(askedMs, backoffMs(backoff, attempt + 1, clock)), read.signal);
        read.signal?.throwIfAborted();
      }
    }
  }

  return {
    baseUrl,
    clock,
    find,
    async get(path, schema, read) {
      const answer = await find(path, schema, read);
      if (answer === null) throw new MirrorRejected(`${baseUrl}${path} was not found`, 404);
      return answer;
    },
  };
}

/** A query parameter; one whose value is undefined is left out. */
export type QueryParameter = readonly [name: string, value: string | number | bigint | boolean | undefined];

/** Writes a path with its query. A name may occur several times. */
export function pathWithQuery(path: string, parameters: readonly QueryParameter[]): string {
  const query = parameters
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replaceAll("%3A", ":")}`);
  return query.length === 0 ? path : `${path}?${query.join("&")}`;
}

/** The parameters that bound a list in consensus time; both bounds exclude what they name. */
export function timestampBounds(
  after: Timestamp | undefined,
  before: Timestamp | undefined,
): QueryParameter[] {
  return [
    ["timestamp", after === undefined ? undefined : `gt:${formatTimestamp(after)}`],
    ["timestamp", before === undefined ? undefined : `lt:${formatTimestamp(before)}`],
  ];
}

function normaliseBaseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new MirrorError("MIRROR_URL_INVALID", `${JSON.stringify(text)} is not the URL of a mirror node`, {
      fix: "Write it as https://host.",
    });
  }
  return (url.origin + url.pathname).replace(/\/+$/, "").replace(/\/api\/v1$/, "");
}

/** One request and its whole body, within `timeoutMs`. */
async function exchange(
  fetcher: Fetch,
  url: string,
  limits: { clock: Clock; timeoutMs: number; signal: AbortSignal | undefined },
): Promise<{ response: Response; text: string }> {
  const { clock, timeoutMs, signal } = limits;
  signal?.throwIfAborted();
  const request = new AbortController();
  const settled = new AbortController();
  const cancel = () => request.abort();
  let timedOut = false;
  signal?.addEventListener("abort", cancel);
  void clock.sleep(timeoutMs, settled.signal).then(() => {
    if (settled.signal.aborted) return;
    timedOut = true;
    request.abort();
  });
  try {
    const response = await fetcher(url, {
      signal: request.signal,
      headers: { accept: "application/json" },
      // The mirror's own max-age suits pages that reload; here an old answer is a wrong answer.
      cache: "no-store",
      credentials: "omit",
    });
    return { response, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    const why = timedOut ? `did not answer within ${timeoutMs} ms` : "could not be reached";
    throw new MirrorUnavailable(`${url} ${why}`, { cause: error });
  } finally {
    settled.abort();
    signal?.removeEventListener("abort", cancel);
  }
}

/** Null for a mirror node's own "not found", an error for anything else that is not 200. */
function refuse(url: string, response: Response, text: string, clock: Clock): null {
  const { status } = response;
  const reason = reasonOf(text);
  const said = `${url} answered ${status}${reason === null ? "" : ` (${reason})`}`;
  if (status === 404 && reason !== null) return null;
  if (status === 408 || status === 429 || status >= 500) {
    throw new MirrorUnavailable(said, { status, retryAfterMs: retryAfterMs(response, clock) });
  }
  throw new MirrorRejected(said, status, reason === null ? { fix: "Check that it is a mirror node." } : {});
}

/** The messages of a mirror node's error body, or null if the body is somebody else's. */
function reasonOf(text: string): string | null {
  try {
    const body = z.safeParse(errorBody, JSON.parse(text));
    if (!body.success) return null;
    return body.data._status.messages.map(({ message, detail }) => detail ?? message).join("; ");
  } catch {
    return null;
  }
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfterMs(response: Response, clock: Clock): number | null {
  const header = response.headers.get("retry-after");
  if (header === null) return null;
  if (/^\d{1,6}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - toMillis(clock.now()));
}

function parseAnswer<T>(url: string, text: string, schema: z.ZodMiniType<T>): T {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch (error) {
    throw new MirrorMalformed(`${url} did not answer with JSON: ${describeError(error)}`, { cause: error });
  }
  const parsed = z.safeParse(schema, body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.join(".");
  throw new MirrorMalformed(`${url} answered with a wrong ${field}: ${issue?.message ?? "invalid"}`, {
    cause: parsed.error,
  });
}
