import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeSecret } from "../../lib/agent/setup/secret.ts";
import { run } from "./command.ts";

/** Where systemd looks for credentials by name. */
const PLAIN = "/etc/credstore";
const SEALED = "/etc/credstore.encrypted";
/** Names under which `fest-agent@.service` loads them: a sealed one is bound to its name. */
const SEALED_ID = "hedera-key-sealed";

/**
 * Gives an agent's unit its key: sealed with this host's own key, by
 * `systemd-creds`, where systemd can do that, else as a file that only root can
 * read. The unit loads whichever there is.
 *
 * @param instance of the unit: `coordinator` in `fest-agent@coordinator`
 * @param keyFile the private key in hex, and nothing else
 * @returns which of the two it was
 */
export async function installCredential(instance: string, keyFile: string): Promise<"sealed" | "plain"> {
  const plain = join(PLAIN, `fest-agent-${instance}.key`);
  const sealed = join(SEALED, `fest-agent-${instance}.sealed`);
  for (const path of [plain, sealed]) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const key = await readFile(keyFile, "utf8");
  const encrypted = await run(["systemd-creds", "encrypt", `--name=${SEALED_ID}`, "-", "-"], {
    input: new TextEncoder().encode(key),
  }).catch(() => null);
  if (encrypted?.code === 0 && encrypted.out !== "") {
    await writeSecret(sealed, encrypted.out);
    await rm(plain, { force: true });
    return "sealed";
  }
  await writeSecret(plain, key);
  await rm(sealed, { force: true });
  return "plain";
}
