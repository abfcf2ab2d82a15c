import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../hedera/config.ts";
import { NANOS_PER_SECOND, type Timestamp } from "../hedera/timestamp.ts";

/** Only starts of this long count. */
const MEMORY_SECONDS = 600n;
/** The first crash is answered at once, the next after a second, then twice as long each time, up to this. */
const LONGEST_SECONDS = 60;

/**
 * Waits longer after each crash, where systemd cannot (before 254 it has no
 * `RestartSteps`). The starts are noted in a file of the unit's runtime folder,
 * which systemd keeps from one start to the next; an orderly end forgets them.
 */
export class Pacer {
  readonly #file: string | null;

  /** @param env names the folder in `RUNTIME_DIRECTORY`, as systemd sets it; without it nothing is noted */
  constructor(env: Environment) {
    this.#file = env.RUNTIME_DIRECTORY ? join(env.RUNTIME_DIRECTORY, "starts") : null;
  }

  /** Notes a start. @returns for how many seconds to wait before doing anything */
  start(now: Timestamp): number {
    if (this.#file === null) return 0;
    const recent = this.#read().filter((at) => now - at < MEMORY_SECONDS * NANOS_PER_SECOND && at <= now);
    this.#write([...recent, now]);
    const crashes = recent.length;
    return crashes < 2 ? 0 : Math.min(LONGEST_SECONDS, 2 ** (crashes - 2));
  }

  /** Forgets the starts: this one ends as it should. */
  end(): void {
    if (this.#file !== null) rmSync(this.#file, { force: true });
  }

  #read(): readonly Timestamp[] {
    if (this.#file === null) return [];
    try {
      const lines = readFileSync(this.#file, "utf8").split("\n");
      return lines.filter((line) => /^\d+$/.test(line)).map(BigInt);
    } catch {
      // The first start of all, or a folder that is gone: there is nothing to pace.
      return [];
    }
  }

  #write(starts: readonly Timestamp[]): void {
    if (this.#file === null) return;
    try {
      writeFileSync(this.#file, starts.map((at) => `${at}\n`).join(""));
    } catch {
      // A full disk must not keep an agent from working.
      return;
    }
  }
}
