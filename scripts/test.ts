/**
 * Runs every test: finds a browser, or installs one where it may (Debian, as
 * root), and hands over to `bun test`. Arguments go to `bun test`.
 *
 * Files run side by side, a process for each processor: most tests wait for
 * consensus and not for a processor.
 */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { CHROMIUM, hasChromium } from "./support/chromium.ts";

const root = resolve(import.meta.dir, "..");

if (!hasChromium) {
  const debian = existsSync("/etc/debian_version") && Bun.which("apt-get") !== null;
  if (!debian || process.getuid?.() !== 0) {
    console.error(
      `There is no browser at ${CHROMIUM}; the page's tests will be skipped. Install Chromium there.`,
    );
  } else {
    console.error("Installing Chromium for the page's tests (apt-get install chromium), once ...");
    if (!aptGet("update") || !aptGet("install", "--no-install-recommends", "chromium")) {
      console.error("test: Chromium could not be installed; are Debian's packages reachable?");
      process.exit(1);
    }
  }
}

/** More at once than this would ask too much of the memory: each may have a ledger, agents and a browser. */
const MOST_AT_ONCE = 4;
const atOnce = `--parallel=${Math.min(availableParallelism(), MOST_AT_ONCE)}`;
const child = Bun.spawn([process.execPath, "test", atOnce, "--no-isolate", ...process.argv.slice(2)], {
  cwd: root,
  stdio: ["inherit", "inherit", "inherit"],
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
process.exit(await child.exited);

function aptGet(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return Bun.spawnSync(["apt-get", "-qq", "-y", ...args], { env, stdout: "ignore", stderr: "inherit" })
    .success;
}
