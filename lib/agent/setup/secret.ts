import { chmod, rename, writeFile } from "node:fs/promises";

/** Writes a file that only this user can read, whole or not at all. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}
