import { existsSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { serveStatic } from "hono/bun";
import { FestError } from "../lib/hedera/error.ts";

/** How the built page is served. */
export interface ServeSiteOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Folder of the built page; `site/dist` without it. */
  readonly dist?: string;
}

/** A running server of the built page. */
export interface SiteServer {
  /** With a slash at the end; the page's parameters follow as a hash. */
  readonly url: string;
  /** Closes it, open connections too. */
  stop(): Promise<void>;
}

/** A year; the names of these files change with their content. */
const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * Serves the built page, and nothing else, on 127.0.0.1, with the cache headers
 * of a good static host: hashed assets for ever, everything else asked for anew.
 *
 * @throws FestError `SITE_NOT_BUILT` if there is no page, `PORT_IN_USE`
 */
export function serveSite({ port, dist = join(import.meta.dirname, "dist") }: ServeSiteOptions): SiteServer {
  if (!existsSync(join(dist, "index.html"))) {
    throw new FestError("SITE_NOT_BUILT", `${dist} holds no built page`, {
      fix: "Run `bun run build` first.",
    });
  }
  const app = new Hono();
  app.use(
    serveStatic({
      root: dist,
      onFound(path, context) {
        context.header("cache-control", path.includes("/assets/") ? FOR_EVER : "no-cache");
        context.header("x-content-type-options", "nosniff");
      },
    }),
  );
  app.notFound((context) => context.text("There is no such file.", 404));
  try {
    const server = Bun.serve({ hostname: "127.0.0.1", port, fetch: app.fetch });
    return { url: server.url.href, stop: () => server.stop(true) };
  } catch (error) {
    throw new FestError("PORT_IN_USE", `port ${port} on 127.0.0.1 is taken`, {
      fix: "Stop what listens there, or choose another port.",
      cause: error,
    });
  }
}
