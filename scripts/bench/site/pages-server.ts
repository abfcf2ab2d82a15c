/** Serves the built page compressed, as GitHub Pages does. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const DIST = resolve(import.meta.dir, "../../../site/dist");
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  css: "text/css",
  json: "application/json",
  svg: "image/svg+xml",
};

/** A server of the page that knows what it weighs. */
export interface PagesServer {
  readonly url: string;
  /** Compressed bytes of every file that was built, by its path. */
  readonly weights: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Starts it. */
export function startPages(): PagesServer {
  const files = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const bodies = new Map(paths.map((path) => [path.slice(DIST.length), Bun.gzipSync(readFileSync(path))]));
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      const path = pathname === "/" ? "/index.html" : pathname;
      const body = bodies.get(path);
      if (body === undefined) return new Response(null, { status: 404 });
      const type = TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
      return new Response(body, { headers: { "content-type": type, "content-encoding": "gzip" } });
    },
  });
  const weights = new Map([...bodies].map(([path, { length }]) => [path, length]));
  return { url: `http://127.0.0.1:${server.port}/`, weights, stop: () => server.stop(true) };
}
