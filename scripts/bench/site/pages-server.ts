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

/** A page with one line of text that a script puts there: what a browser needs for that, it needs for every page. */
const EMPTY: Readonly<Record<string, string>> = {
  "/empty.html":
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>empty</title><body><script type="module" src="/empty.js"></script></body></html>',
  "/empty.js":
    'const line = document.createElement("p"); line.textContent = "Hello"; document.body.append(line);',
};

/** A server of the page that knows what it weighs. */
export interface PagesServer {
  readonly url: string;
  /** Where the empty page is. */
  readonly emptyUrl: string;
  /** Compressed bytes of the page itself and of what it names, apart from what may come after it. */
  readonly firstBytes: number;
  /** Compressed bytes of everything that was built for the page, the runbook apart. */
  readonly allBytes: number;
  stop(): Promise<void>;
}

/** Starts it. */
export function startPages(): PagesServer {
  const files = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const bodies = new Map(paths.map((path) => [path.slice(DIST.length), Bun.gzipSync(readFileSync(path))]));
  const first = ["/index.html", ...namedIn(readFileSync(join(DIST, "index.html"), "utf8"))];
  const all = [...bodies.keys()].filter((path) => !/runbook|config\.json/.test(path));
  const weigh = (some: readonly string[]) =>
    some.reduce((sum, path) => sum + (bodies.get(path)?.length ?? Number.NaN), 0);
  const [firstBytes, allBytes] = [weigh(first), weigh(all)];
  for (const [path, text] of Object.entries(EMPTY)) bodies.set(path, Bun.gzipSync(text));
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
  const url = `http://127.0.0.1:${server.port}/`;
  return { url, emptyUrl: `${url}empty.html`, firstBytes, allBytes, stop: () => server.stop(true) };
}

/** The files that a page names, except those that it says are not urgent. */
function namedIn(html: string): readonly string[] {
  const tags = [...html.matchAll(/<(?:link|script)\b[^>]*>/g)].map(([tag]) => tag);
  const urgent = tags.filter((tag) => !tag.includes('fetchpriority="low"'));
  return urgent.flatMap((tag) => /\b(?:href|src)="\.(\/[^"]+)"/.exec(tag)?.[1] ?? []);
}
