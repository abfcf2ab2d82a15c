/** Where systemd runs a role: its credential, and a restart. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeSecret } from "../../lib/agent/setup/secret.ts";
import { installCredential } from "../deploy/credential.ts";
import { systemctl, systemdVersion, unitState } from "../deploy/systemctl.ts";

/** Where deploy keeps the roles' environments and keys. */
const CONFIG = "/etc/fest-agents";
const CREDENTIALS = ["/etc/credstore", "/etc/credstore.encrypted"];

/**
 * Gives the unit of a role its new key, and restarts it if it runs.
 *
 * @returns what was done, in words
 * @throws FestError `COMMAND_FAILED`
 */
export async function renewUnit(role: string, keyFile: string): Promise<string> {
  const copy = join(CONFIG, `${role}.key`);
  if (existsSync(copy) && resolve(keyFile) !== copy) await writeSecret(copy, await readFile(keyFile, "utf8"));
  const names = [`fest-agent-${role}.key`, `fest-agent-${role}.sealed`];
  const loaded = CREDENTIALS.some((folder) => names.some((name) => existsSync(join(folder, name))));
  if (loaded) await installCredential(role, keyFile);
  const unit = `fest-agent@${role}.service`;
  const runs = (await systemdVersion()) !== null && (await unitState(unit)).active !== "inactive";
  if (!runs) return `no unit ${unit} runs here; restart the ${role}'s processes, wherever they run`;
  await systemctl("restart", unit);
  return `${unit} was restarted with the new key`;
}
