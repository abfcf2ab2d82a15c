import { open, rename, rm } from "node:fs/promises";

/**
 * Writes a file whole or not at all, and on disk before it takes an old one's place.
 *
 * @param mode of a file that is new; by default whatever the process's umask leaves
 */
export async function writeWhole(path: string, text: string, mode?: number): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, "w", mode);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
