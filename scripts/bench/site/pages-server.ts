/** Serves the built page compressed, as GitHub Pages does. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const DIST = resolve(import.meta.dir, "../../../site/dist");
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  css: "text/css",
  json: "application/json",
  svg: "image/svg+xml",
};

/** A server of the page that counts what it sends. */
export interface PagesServer {
  readonly url: string;
  /** Compressed bytes of every file that was asked for, by its path. */
  readonly sent: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Starts it. */
export function startPages(): PagesServer {
  const sent = new Map<string, number>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      const path = pathname === "/" ? "/index.html" : pathname;
      const file = join(DIST, path);
      if (!file.startsWith(DIST) || !existsSync(file)) return new Response(null, { status: 404 });
      const body = Bun.gzipSync(readFileSync(file));
      sent.set(path, body.length);
      const type = TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
      return new Response(body, { headers: { "content-type": type, "content-encoding": "gzip" } });
    },
  });
  return { url: `http://127.0.0.1:${server.port}/`, sent, stop: () => server.stop(true) };
}
