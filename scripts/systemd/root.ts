/** A Debian root to boot, made by debootstrap from this machine's own package sources, once. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { need, run } from "../deploy/command.ts";

/** What of stock Debian the units need; the last one lets the bus know dynamic users. */
const PACKAGES = ["systemd", "systemd-sysv", "dbus", "libnss-systemd"];

/** Why no container can be booted here, or null. */
export async function obstacle(): Promise<string | null> {
  if (process.getuid?.() !== 0) return "it needs root";
  for (const command of ["systemd-nspawn", "debootstrap", "nsenter"]) {
    if (Bun.which(command) === null)
      return `it needs ${command} (apt-get install systemd-container debootstrap)`;
  }
  return null;
}

/** The folder of a clean Debian of this machine's release; made if it is not there yet. */
export async function cleanRoot(): Promise<string> {
  const codename =
    /^VERSION_CODENAME=(.*)$/m.exec(await readFile("/etc/os-release", "utf8"))?.[1] ?? "bookworm";
  const root = join(tmpdir(), `fest-systemd-root-${codename}-1`);
  if (existsSync(root)) return root;
  const draft = `${root}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    const include = `--include=${PACKAGES.join(",")}`;
    await need(["debootstrap", "--variant=minbase", include, codename, draft, await mirrorOf(codename)]);
    await rename(draft, root);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return root;
}

/** Where this machine gets its own packages of a release from. */
async function mirrorOf(codename: string): Promise<string> {
  const format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
  const list = () => run(["apt-get", "indextargets", "--format", format, "Created-By: Packages"]);
  const find = (text: string) =>
    text
      .split("\n")
      .map((line) => line.split(" "))
      .find(([, release, component]) => release === codename && component === "main")?.[0];
  let found = find((await list()).out);
  if (found === undefined) {
    await need(["apt-get", "update", "-qq"]);
    found = find((await list()).out);
  }
  if (found === undefined) throw new Error(`this machine has no package source of ${codename}`);
  return found;
}
