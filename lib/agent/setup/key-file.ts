import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FestError } from "../../hedera/error.ts";
import { type KeyType, SigningKey } from "../../ledger/key.ts";
import { writeSecret } from "./secret.ts";

/** The file that holds a private key, in hex, and nothing else; systemd loads it as a credential. */
export function keyPath(folder: string, name: string): string {
  return join(folder, `${name}.key`);
}

/** Reads a key file; null if there is none. @throws FestError `KEY_INVALID`, with the file's name */
export async function readKeyFile(folder: string, name: string, type: KeyType): Promise<SigningKey | null> {
  const path = keyPath(folder, name);
  let hex: string;
  try {
    hex = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    return SigningKey.parse({ type, hex });
  } catch (cause) {
    throw new FestError("KEY_INVALID", `${path} holds no ${type} key`, { cause, fix: "Restore it." });
  }
}

/** Writes a key file, mode 0600, whole or not at all. */
export async function writeKeyFile(folder: string, name: string, key: SigningKey): Promise<void> {
  await writeSecret(keyPath(folder, name), `${key.reveal().hex}\n`);
}
