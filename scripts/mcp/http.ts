/** The assistant's door over HTTP, on loopback only. */
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { Hono } from "hono";
import type { Source } from "./answers.ts";
import { createMcpServer } from "./server.ts";

/** Names under which a browser may reach this machine from itself. */
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Serves `/mcp`, streamable HTTP without sessions. A request under another name
 * than this machine's own, or from a page of another origin, is refused: a
 * website must not talk to it through the operator's browser.
 */
export function serveMcp(source: Source, port: number): { readonly port: number; stop(): Promise<void> } {
  const app = new Hono();
  app.use(async (context, next) => {
    const origin = context.req.header("origin");
    const isOwn = origin === undefined || (URL.canParse(origin) && LOOPBACK.test(new URL(origin).host));
    if (!LOOPBACK.test(context.req.header("host") ?? "") || !isOwn) return context.text("forbidden", 403);
    return next();
  });
  app.get("/healthz", (context) => context.json({ ok: true, status: "ok" }));
  app.post("/mcp", async (context) => {
    const server = createMcpServer(source);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    try {
      return await transport.handleRequest(context.req.raw);
    } finally {
      await server.close();
    }
  });
  // Without sessions there is no stream to open and none to end.
  app.all("/mcp", (context) => context.text("method not allowed", 405, { allow: "POST" }));
  const server = Bun.serve({ hostname: "127.0.0.1", port, idleTimeout: 0, fetch: app.fetch });
  return { port: server.port ?? port, stop: () => server.stop(true) };
}
