import { mkdir, statfs } from "node:fs/promises";
import type { Notifier } from "../../lib/agent/notify.ts";

/** What a ledger wants free before it starts: a journal that cannot grow takes what was written with it. */
const WANTED_MB = 16;
const LOOK_MS = 1_000;

/**
 * Waits until there is room for a ledger in a folder, and meanwhile tells systemd
 * why: a full disk is no crash to be counted, and it may be cured.
 */
export async function waitForRoom(folder: string, notifier: Notifier): Promise<void> {
  for (;;) {
    await mkdir(folder, { recursive: true }).catch(() => undefined);
    const free = await freeMb(folder);
    if (free >= WANTED_MB) return;
    notifier.notify(`STATUS=waits: the disk is full: ${free} MB free in ${folder}, ${WANTED_MB} MB wanted`);
    await Bun.sleep(LOOK_MS);
  }
}

async function freeMb(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.floor((bavail * bsize) / 1_048_576);
}
