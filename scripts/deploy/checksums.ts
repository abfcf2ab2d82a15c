import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { FestError } from "../../lib/hedera/error.ts";

/** The file of a release that holds every other file's SHA-256, in the form that `sha256sum -c` reads. */
const CHECKSUMS = "SHA256SUMS";

/** Files read at a time. */
const AT_ONCE = 32;

/** SHA-256 in hex by path, with `/`, of every file below a folder; a link counts as what it leads to. */
export async function hashFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (path !== CHECKSUMS) paths.push(path);
  }
  paths.sort();
  const hashes = new Map<string, string>();
  for (let first = 0; first < paths.length; first += AT_ONCE) {
    const some = paths.slice(first, first + AT_ONCE);
    const found = await Promise.all(some.map((path) => hashFile(join(folder, path))));
    some.forEach((path, index) => {
      hashes.set(path, found[index] ?? "");
    });
  }
  return hashes;
}

/** One hash over paths and contents: two folders with the same files have the same. */
export function digestOf(hashes: ReadonlyMap<string, string>): string {
  return createHash("sha256").update(textOf(hashes)).digest("hex");
}

/** Writes a folder's checksums into it. */
export async function writeChecksums(folder: string): Promise<void> {
  await writeFile(join(folder, CHECKSUMS), textOf(await hashFolder(folder)));
}

/** What in a folder is not as its checksums say: changed, missing or added; empty if all is. */
export async function checksumProblems(folder: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(join(folder, CHECKSUMS), "utf8");
  } catch {
    return [`${CHECKSUMS} is missing`];
  }
  const said = new Map(
    [...text.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, hash = "", path = ""]) => [path, hash]),
  );
  const found = await hashFolder(folder);
  const problems: string[] = [];
  for (const [path, hash] of said) {
    const now = found.get(path);
    if (now === undefined) problems.push(`${path} is missing`);
    else if (now !== hash) problems.push(`${path} was changed`);
  }
  for (const path of found.keys()) if (!said.has(path)) problems.push(`${path} was added`);
  return problems;
}

/** @throws FestError `RELEASE_DAMAGED` that names the first files that are not as they were installed */
export async function needIntact(folder: string): Promise<void> {
  const problems = await checksumProblems(folder);
  if (problems.length === 0) return;
  const more = problems.length > 3 ? `, and ${problems.length - 3} more` : "";
  throw new FestError("RELEASE_DAMAGED", `${folder}: ${problems.slice(0, 3).join(", ")}${more}`, {
    fix: "Deploy it again.",
  });
}

function textOf(hashes: ReadonlyMap<string, string>): string {
  return [...hashes].map(([path, hash]) => `${hash}  ${path}\n`).join("");
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
