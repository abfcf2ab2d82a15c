import { FestError } from "../../../lib/hedera/error.ts";
import { type Parameters, parseConfig } from "../deployment/deployment.ts";

/** Reads the `config.json` beside the page; null where there is none. @throws FestError `CONFIG_INVALID` */
export async function readConfig(): Promise<Parameters | null> {
  const response = await fetch("./config.json", { cache: "no-cache" });
  if (response.status === 404) return null;
  if (!response.ok) {
    throw new FestError("CONFIG_INVALID", `config.json: the server answered ${response.status}`);
  }
  try {
    return parseConfig(await response.json());
  } catch (error) {
    if (error instanceof FestError) throw error;
    throw new FestError("CONFIG_INVALID", "config.json is not JSON", { cause: error });
  }
}
