/** The small file that a watcher keeps between two looks. */
import { mkdir, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { type Memory, memorySchema, NO_MEMORY, writeMemory } from "../../lib/festival/alarm/notice.ts";
import { writeWhole } from "../support/write-whole.ts";

/**
 * What was kept; nothing if there is no file. A file that is no watcher's is put
 * aside as `<path>.old`, since it may be dear to somebody, and the watch begins
 * anew: what fires is told once more.
 */
export async function readMemory(path: string): Promise<Memory> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return NO_MEMORY;
  const memory = parseMemory(text);
  if (memory === null) await rename(path, `${path}.old`);
  return memory ?? NO_MEMORY;
}

/** Keeps it, whole or not at all. */
export async function keepMemory(path: string, memory: Memory): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, writeMemory(memory), 0o600);
}

function parseMemory(text: string): Memory | null {
  try {
    const parsed = z.safeDecode(memorySchema, JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
