import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { FestError } from "../../lib/hedera/error.ts";
import { serveSite } from "../../site/serve.ts";
import type { Host } from "./host.ts";

const ROOT = resolve(import.meta.dir, "../..");
/** What the page is built from. */
const SOURCES = [
  "site/src",
  "site/index.html",
  "site/runbook.html",
  "site/runbook.css",
  "site/vite.config.ts",
  "docs/operations.md",
  "lib/hedera",
  "lib/mirror",
  "lib/festival",
];

/** The page, served. */
export interface Site {
  /** The URL that shows a host's festival. */
  urlOf(host: Host): string;
  stop(): Promise<void>;
}

/** Builds the page unless it is up to date, and serves it. @throws FestError `SITE_BUILD_FAILED`, `PORT_IN_USE` */
export async function openSite(port: number): Promise<Site> {
  await buildSite();
  const server = serveSite({ port });
  return {
    urlOf: (host) => server.url + hashOf(host),
    stop: () => server.stop(),
  };
}

/** The URL hash by which the page shows a host's festival. */
export function hashOf({ network, festival }: Host): string {
  const parameters = new URLSearchParams({
    network: network.name,
    mirror: network.mirror,
    ...(network.relayWs === null ? {} : { relay: network.relayWs }),
    log: festival.log,
    vitals: festival.vitals,
  });
  return `#${parameters}`;
}

/** Builds `site/dist` unless it is newer than everything that it is made from. @throws FestError `SITE_BUILD_FAILED` */
export async function buildSite(): Promise<void> {
  const built = newest("site/dist/index.html");
  if (built > Math.max(...SOURCES.map(newest))) return;
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  const build = Bun.spawn([process.execPath, vite, "build", "site", "--logLevel", "warn"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, problem] = await Promise.all([
    new Response(build.stdout).text(),
    new Response(build.stderr).text(),
  ]);
  if ((await build.exited) === 0) return;
  throw new FestError(
    "SITE_BUILD_FAILED",
    `the page cannot be built: ${(problem + out).trim().slice(-2_000)}`,
    {
      fix: "Run bun run build, or go without the page by --no-site.",
    },
  );
}

/** When a file, or the newest file below a folder, last changed; 0 if it is not there. */
function newest(path: string): number {
  const at = join(ROOT, path);
  const found = statSync(at, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const files = readdirSync(at, { recursive: true, encoding: "utf8" });
  return Math.max(
    0,
    ...files.map((file) => statSync(join(at, file), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
}
