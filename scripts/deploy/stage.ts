import { existsSync } from "node:fs";
import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { FestError } from "../../lib/hedera/error.ts";
import { digestOf, hashFolder, needIntact, writeChecksums } from "./checksums.ts";
import { need, run } from "./command.ts";
import { lockedPackages, lockProblems } from "./lock.ts";
import type { Release, Releases } from "./releases.ts";

/** What of the project is installed. */
const SHIPPED = [
  "agents",
  "docs",
  "lib",
  "scripts",
  "site",
  "systemd",
  "package.json",
  "bun.lock",
  "bunfig.toml",
  "tsconfig.json",
  "LICENSE",
  ".env.example",
];
/** Never installed: secrets, and what is built or installed. */
const LEFT_OUT = /(^|\/)(\.git|\.env(?!\.example)[^/]*|dist|node_modules)(\/|$)|\.(env|key|pem|sqlite)$/;
/** Of the packages for developers, what smoke looks at the page with. */
const EXTRA_PACKAGES = ["playwright-core"];
/** The roles that `--compile` makes single files of. */
const ROLES = ["coordinator", "inference", "defi", "desk"];

/** What to install. */
export interface StageOptions {
  /** The checkout. */
  readonly source: string;
  /** A commit, tag or branch of it; null: its files as they are. */
  readonly ref: string | null;
  readonly compile: boolean;
  readonly onStep: (step: string) => void;
}

/**
 * Installs a checkout below the releases' folder, whole or not at all. The
 * version is the package's and a hash of the sources: the same sources again are
 * the same release. Needs no network where the checkout has its packages.
 *
 * @throws FestError `SOURCE_INCOMPLETE`, `LOCK_INVALID`, `LOCK_BROKEN`, `RELEASE_DAMAGED`, `COMMAND_FAILED`
 */
export async function stage(releases: Releases, options: StageOptions): Promise<Release> {
  const { source, ref, compile, onStep } = options;
  const draft = await mkdtemp(join(await ensured(join(releases.root, "releases")), ".draft-"));
  try {
    await copySources(source, ref, draft);
    const version = `${await packageVersion(draft)}-${digestOf(await hashFolder(draft)).slice(0, 8)}${compile ? "-compiled" : ""}`;
    const known = (await releases.list()).find((release) => release.version === version);
    if (known !== undefined) {
      onStep(`${version} is installed; check it`);
      await needIntact(releases.folderOf(version));
      return await releases.name(known, await commitOf(source, ref));
    }
    onStep(`install ${version}`);
    await nameRelease(draft, version);
    await installPackages(source, draft);
    await installBun(releases.root, draft);
    await buildPage(draft);
    if (compile) await compileAgents(draft);
    onStep("write and check its checksums");
    await writeChecksums(draft);
    await rm(releases.folderOf(version), { recursive: true, force: true });
    await run(["chmod", "-R", "u=rwX,go=rX", draft]);
    await rename(draft, releases.folderOf(version));
    await needIntact(releases.folderOf(version));
    const commit = await commitOf(source, ref);
    const installed = new Date().toISOString();
    const release: Release = { version, commit, installed, good: null, compiled: compile };
    await releases.save(release);
    return release;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function copySources(source: string, ref: string | null, draft: string): Promise<void> {
  if (ref !== null) {
    const folder = await mkdtemp(join(tmpdir(), "fest-archive-"));
    try {
      const archive = join(folder, "sources.tar");
      await need(["git", "-C", source, "archive", "--output", archive, ref, "--", ...SHIPPED]);
      await need(["tar", "-xf", archive, "-C", draft]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return;
  }
  for (const name of SHIPPED) {
    if (!existsSync(join(source, name))) {
      throw new FestError("SOURCE_INCOMPLETE", `${source} has no ${name}`, { fix: "Deploy a checkout." });
    }
    const filter = (path: string) => !LEFT_OUT.test(path.slice(source.length + 1));
    await cp(join(source, name), join(draft, name), { recursive: true, filter });
  }
}

/** Copies the packages that are needed to run from the checkout; has Bun install them where that lacks any. */
async function installPackages(source: string, draft: string): Promise<void> {
  const packages = lockedPackages(await readFile(join(draft, "bun.lock"), "utf8"), EXTRA_PACKAGES);
  if ((await lockProblems(source, packages)).length === 0) {
    for (const { folder } of packages) {
      if (!existsSync(join(source, folder))) continue;
      const own = (path: string) => !path.slice(join(source, folder).length + 1).startsWith("node_modules");
      await cp(join(source, folder), join(draft, folder), { recursive: true, filter: own });
    }
  } else {
    await need([process.execPath, "install", "--frozen-lockfile"], { cwd: draft });
  }
  const problems = await lockProblems(draft, packages);
  if (problems.length === 0) return;
  throw new FestError(
    "LOCK_BROKEN",
    `the packages are not the lock file's: ${problems.slice(0, 3).join("; ")}`,
    {
      fix: "Run bun install --frozen-lockfile in the checkout.",
    },
  );
}

/** Bun lies beside the releases, once a version, and every release links to its own. */
async function installBun(root: string, draft: string): Promise<void> {
  const folder = join(root, "bun", Bun.version);
  const binary = join(folder, "bun");
  if (!existsSync(binary)) {
    await mkdir(folder, { recursive: true });
    await copyFile(process.execPath, `${binary}.new`);
    await need(["chmod", "755", `${binary}.new`]);
    await rename(`${binary}.new`, binary);
  }
  await mkdir(join(draft, "bin"), { recursive: true });
  await symlink(join("../../../bun", Bun.version, "bun"), join(draft, "bin/bun"));
}

async function buildPage(draft: string): Promise<void> {
  const vite = join(draft, "node_modules/vite/bin/vite.js");
  await need([process.execPath, vite, "build", "site", "--logLevel", "warn"], { cwd: draft });
  await rm(join(draft, "node_modules/.vite"), { recursive: true, force: true });
}

/** protobufjs finds `long` by a require that no bundler sees; without it, it breaks. */
const LONG = 'import Long from "long";\n\nObject.assign(globalThis, { Long });\n';

async function compileAgents(draft: string): Promise<void> {
  const folder = join(draft, ".compile");
  await mkdir(folder);
  await writeFile(join(folder, "long.ts"), LONG);
  for (const role of ROLES) {
    const entry = join(folder, `${role}.ts`);
    await writeFile(entry, `import "./long.ts";\nimport "../agents/${role}.ts";\n`);
    const outfile = join(draft, "bin", role);
    await need([process.execPath, "build", "--compile", entry, "--outfile", outfile], { cwd: draft });
  }
  await rm(folder, { recursive: true });
}

async function packageVersion(folder: string): Promise<string> {
  const text = await readFile(join(folder, "package.json"), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** Heartbeats and metrics tell the release by the package's version. */
async function nameRelease(draft: string, version: string): Promise<void> {
  const path = join(draft, "package.json");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/^( *"version": )"[^"]*"/m, `$1"${version}"`));
}

/** The commit that the sources are; null where git does not say so. */
async function commitOf(source: string, ref: string | null): Promise<string | null> {
  const git = (...words: string[]) => run(["git", "-C", source, ...words]).catch(() => null);
  if (ref === null) {
    const changes = await git("status", "--porcelain", "--", ...SHIPPED);
    if (changes === null || changes.code !== 0 || changes.out.trim() !== "") return null;
  }
  const commit = await git("rev-parse", `${ref ?? "HEAD"}^{commit}`);
  return commit?.code === 0 ? commit.out.trim() : null;
}

async function ensured(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const entry of await readdir(folder)) {
    if (entry.startsWith(".draft-")) await rm(join(folder, entry), { recursive: true, force: true });
  }
  return folder;
}
