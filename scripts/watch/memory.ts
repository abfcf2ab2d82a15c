/** The small file that a watcher keeps between two looks. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { type Memory, memorySchema, NO_MEMORY, writeMemory } from "../../lib/festival/alarm/notice.ts";

/** What was kept; nothing if there is no file, or none that can be read: then what fires is told once more. */
export async function readMemory(path: string): Promise<Memory> {
  try {
    const parsed = z.safeDecode(memorySchema, JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.data : NO_MEMORY;
  } catch {
    return NO_MEMORY;
  }
}

/** Keeps it, whole or not at all. */
export async function keepMemory(path: string, memory: Memory): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, writeMemory(memory), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
