import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { FestError } from "../../lib/hedera/error.ts";

const resolved = z.tuple([z.string()]).rest(z.unknown());
const needs = z.object({
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const schema = z.object({
  workspaces: z.object({ "": z.object({ dependencies: z.record(z.string(), z.string()) }) }),
  packages: z.record(z.string(), resolved),
});

/** A package that the lock file holds. */
export interface LockedPackage {
  /** As in the lock file: the packages from the top down to this one, joined by `/`. */
  readonly key: string;
  /** Its folder, relative to the project. */
  readonly folder: string;
  readonly version: string;
  /** Not needed on every platform. */
  readonly optional: boolean;
}

/**
 * The packages that a project needs when it runs: what its `dependencies`, and
 * `more` beside them, lead to by the lock file (`bun.lock`, a text with commas
 * that JSON would not have).
 *
 * @throws FestError `LOCK_INVALID`
 */
export function lockedPackages(text: string, more: readonly string[] = []): readonly LockedPackage[] {
  const lock = readLock(text);
  const found = new Map<string, LockedPackage>();
  const visit = (key: string, optional: boolean) => {
    const known = found.get(key);
    if (known !== undefined && (optional || !known.optional)) return;
    const [resolution, ...rest] = lock.packages[key] ?? [];
    if (resolution === undefined) return;
    const version = resolution.slice(resolution.lastIndexOf("@") + 1);
    found.set(key, { key, folder: folderOf(key), version, optional });
    const wanted = needs.safeParse(rest[1]).data ?? {};
    for (const name of Object.keys(wanted.dependencies ?? {})) follow(key, name, optional);
    for (const name of Object.keys(wanted.optionalDependencies ?? {})) follow(key, name, true);
  };
  const follow = (from: string, name: string, optional: boolean) => {
    const key = nearest(lock.packages, from, name);
    if (key !== null) visit(key, optional);
    else if (!optional) throw new FestError("LOCK_INVALID", `bun.lock lacks ${name}, which ${from} needs`);
  };
  for (const name of [...Object.keys(lock.workspaces[""].dependencies), ...more]) follow("", name, false);
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What of the installed packages is not what the lock file says; empty if all is. */
export async function lockProblems(
  root: string,
  packages: readonly LockedPackage[],
): Promise<readonly string[]> {
  const problems = packages.map(async ({ folder, version, optional, key }) => {
    const installed = await installedVersion(join(root, folder));
    if (installed === version || (installed === null && optional)) return [];
    return [`${key} is ${installed ?? "missing"}, the lock file says ${version}`];
  });
  return (await Promise.all(problems)).flat();
}

function readLock(text: string): z.output<typeof schema> {
  try {
    return schema.parse(Bun.JSONC.parse(text));
  } catch (cause) {
    throw new FestError("LOCK_INVALID", "bun.lock cannot be read", {
      fix: "Restore it from the repository.",
      cause,
    });
  }
}

/** The key of the package that `name` means inside of `from`: the innermost one. */
function nearest(packages: Readonly<Record<string, unknown>>, from: string, name: string): string | null {
  const above = namesOf(from);
  for (let depth = above.length; depth >= 0; depth -= 1) {
    const key = [...above.slice(0, depth), name].join("/");
    if (key in packages) return key;
  }
  return null;
}

function folderOf(key: string): string {
  return namesOf(key)
    .map((name) => `node_modules/${name}`)
    .join("/");
}

/** The names in a key; one with a scope has a slash of its own. */
function namesOf(key: string): readonly string[] {
  return key.match(/@[^/]+\/[^/]+|[^/]+/g) ?? [];
}

async function installedVersion(folder: string): Promise<string | null> {
  try {
    const text = await readFile(join(folder, "package.json"), "utf8");
    return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
  } catch {
    return null;
  }
}
