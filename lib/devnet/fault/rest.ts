import type { Faults } from "./faults.ts";

/** What answers HTTP requests. */
export type Respond = (request: Request) => Response | Promise<Response>;

const REASONS: Readonly<Record<number, string>> = {
  404: "Not found",
  429: "Too Many Requests",
  500: "Internal error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** A REST API that has the faults `rest-*`; `stale` answers for a replica that is behind. */
export function withRestFaults(faults: Faults, respond: Respond, stale: Respond): Respond {
  return async (request) => {
    const { pathname } = new URL(request.url);
    const concerns = ({ path = "/" }: { path?: string | undefined }) => pathname.startsWith(path);
    const refused = faults.strike("rest-error", concerns);
    if (refused !== null) return refusal(refused.status, refused.retry_after);
    const isStale = faults.strike("rest-stale", concerns) !== null;
    const response = await (isStale ? stale : respond)(request);
    if (faults.strike("rest-cut", concerns) !== null) return broken(response, "cut");
    if (faults.strike("rest-stall", concerns) !== null) return broken(response, "stall");
    return response;
  };
}

/** How long it takes at most until what was written is on its way. */
const FLUSH_MS = 20;

/** Breaks a connection in the middle of its body, after what was written so far. */
export async function breakOff(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
  await Bun.sleep(FLUSH_MS);
  // Without a reason: Bun would print it.
  controller.error();
}

/** As a load balancer says it: it knows nothing of CORS. */
function refusal(status: number, retryAfter: number | undefined): Response {
  const body = { _status: { messages: [{ message: REASONS[status] ?? `Error ${status}` }] } };
  const headers = retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) };
  return Response.json(body, { status, headers });
}

/** An answer of which only the first half arrives. */
async function broken(response: Response, how: "cut" | "stall"): Promise<Response> {
  const body = await response.bytes();
  let isSent = false;
  const half = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!isSent) controller.enqueue(body.subarray(0, body.length >> 1));
      else if (how === "cut") await breakOff(controller);
      else await new Promise(() => {});
      isSent = true;
    },
  });
  return new Response(half, { status: response.status, headers: response.headers });
}
