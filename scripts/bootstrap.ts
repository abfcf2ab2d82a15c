/**
 * Runs a script of this project on a machine where nothing was installed yet:
 * installs the dependencies if they are missing or older than the lock file,
 * then runs the script. Imports nothing but what Bun itself has.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dir, "..");
const marker = join(root, "node_modules", ".installed");
const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  console.error("bootstrap: name the script to run");
  process.exit(2);
}

if (isInstalled()) {
  process.argv.splice(1, 2, join(root, script));
  await import(join(root, script));
} else {
  console.error("Installing dependencies, once ...");
  const install = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile"], {
    cwd: root,
    stdout: Bun.file("/dev/stderr"),
    stderr: "inherit",
  });
  if (install.exitCode !== 0) {
    console.error("bootstrap: the dependencies could not be installed; is the npm registry reachable?");
    process.exit(1);
  }
  writeFileSync(marker, lockHash());
  // A process of its own: this one began without dependencies and would go on looking for them elsewhere.
  const child = Bun.spawn([process.execPath, join(root, script), ...args], {
    stdio: ["inherit", "inherit", "inherit"],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  process.exit(await child.exited);
}

/** The marker holds the hash of the lock file that was installed. */
function isInstalled(): boolean {
  return existsSync(marker) && readFileSync(marker, "utf8") === lockHash();
}

function lockHash(): string {
  return String(Bun.hash(readFileSync(join(root, "bun.lock"))));
}
