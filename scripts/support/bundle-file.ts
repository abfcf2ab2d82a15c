import { existsSync } from "node:fs";
import { type Bundle, formatBundle, parseBundle } from "../../lib/festival/bundle/bundle.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { readText } from "./read-text.ts";
import { writeWhole } from "./write-whole.ts";

const FIX = "`bun run archive` writes one.";

/** Reads a bundle from a file. @throws FestError `BUNDLE_MISSING`, `BUNDLE_UNREADABLE`, `BUNDLE_INVALID` */
export async function openBundleFile(path: string): Promise<Bundle> {
  const text = await readText(path, "bundle", FIX);
  try {
    return parseBundle(text);
  } catch (cause) {
    throw new FestError("BUNDLE_INVALID", `${path} is no bundle`, { cause, fix: FIX });
  }
}

/** Like {@link openBundleFile}; null if there is no such file. */
export async function readBundleFile(path: string): Promise<Bundle | null> {
  return existsSync(path) ? openBundleFile(path) : null;
}

/** Writes a bundle whole or not at all. */
export function writeBundleFile(path: string, bundle: Bundle): Promise<void> {
  return writeWhole(path, formatBundle(bundle));
}
