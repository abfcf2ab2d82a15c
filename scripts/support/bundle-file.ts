import { readFile } from "node:fs/promises";
import { type Bundle, formatBundle, parseBundle } from "../../lib/festival/bundle/bundle.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { writeWhole } from "./write-whole.ts";

/** Reads a bundle from a file; null if there is no such file. @throws FestError `BUNDLE_INVALID` */
export async function readBundleFile(path: string): Promise<Bundle | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  return parseBundle(text);
}

/** Like {@link readBundleFile}, where the file must be there. @throws FestError `BUNDLE_MISSING` */
export async function openBundleFile(path: string): Promise<Bundle> {
  const bundle = await readBundleFile(path);
  if (bundle !== null) return bundle;
  throw new FestError("BUNDLE_MISSING", `there is no file ${path}`, { fix: "`bun run archive` writes one." });
}

/** Writes a bundle whole or not at all. */
export function writeBundleFile(path: string, bundle: Bundle): Promise<void> {
  return writeWhole(path, formatBundle(bundle));
}
