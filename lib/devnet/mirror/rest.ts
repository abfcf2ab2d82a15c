import { Hono } from "hono";
import { cors } from "hono/cors";
import { describeError } from "../../hedera/error.ts";
import { accountRoutes } from "./accounts.ts";
import { balanceRoutes } from "./balances.ts";
import { blockRoutes } from "./blocks.ts";
import type { MirrorSource } from "./context.ts";
import { stringifyJson } from "./json.ts";
import { logRoutes } from "./logs.ts";
import { networkRoutes } from "./network.ts";
import { notFound, RestError } from "./rest-error.ts";
import { scheduleRoutes } from "./schedules.ts";
import { tokenRoutes } from "./tokens.ts";
import { topicRoutes } from "./topics.ts";
import { transactionRoutes } from "./transactions.ts";

/**
 * The mirror node's REST API under `/api/v1` (specification 0.160) over a
 * store: the endpoints of accounts, topics, tokens, schedules, transactions,
 * blocks, the network and the synthetic logs of token transfers.
 *
 * @example
 * Bun.serve({ port: 5551, hostname: "127.0.0.1", fetch: restApp(source).fetch });
 */
export function restApp(source: MirrorSource): Hono {
  const app = new Hono({ strict: false });
  app.use(cors());
  const api = new Hono({ strict: false });
  for (const addRoutes of [
    accountRoutes,
    balanceRoutes,
    blockRoutes,
    logRoutes,
    networkRoutes,
    scheduleRoutes,
    tokenRoutes,
    topicRoutes,
    transactionRoutes,
  ]) {
    addRoutes(api, source);
  }
  app.route("/api/v1", api);
  app.notFound(() => errorResponse(notFound()));
  app.onError((error) => {
    if (error instanceof RestError) return errorResponse(error);
    return json(500, {
      _status: { messages: [{ message: "Internal error", detail: describeError(error) }] },
    });
  });
  return app;
}

function errorResponse(error: RestError): Response {
  return json(error.status, error.body);
}

function json(status: number, body: Parameters<typeof stringifyJson>[0]): Response {
  const headers = { "Content-Type": "application/json; charset=utf-8" };
  return new Response(stringifyJson(body), { status, headers });
}
