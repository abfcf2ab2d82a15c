import { readFile } from "node:fs/promises";
import { FestError } from "../../lib/hedera/error.ts";

/**
 * Reads a text file that somebody named.
 *
 * @param what it is to be, such as "proof"
 * @param fix what to do if there is none
 * @throws FestError `<WHAT>_MISSING`, `<WHAT>_UNREADABLE`
 */
export async function readText(path: string, what: string, fix: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const code = `${what.toUpperCase()}_${missing ? "MISSING" : "UNREADABLE"}`;
    if (missing) throw new FestError(code, `there is no file ${path}`, { fix });
    throw new FestError(code, `the ${what} ${path} cannot be read`, { cause });
  }
}
