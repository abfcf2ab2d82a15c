/** What doctor asks the machine. */
import { existsSync, readFileSync, statfsSync } from "node:fs";
import { freemem } from "node:os";

/** Facts of the machine. */
export interface HostFacts {
  /** Version of systemd; null where it does not run. */
  systemd(): number | null;
  /** Bytes that a user may still write where a path lies. */
  diskFree(path: string): bigint;
  /** Bytes of memory that processes can still get. */
  memoryAvailable(): bigint;
  readonly bun: string;
  /** User id of this process. */
  readonly uid: number;
}

/** This machine. */
export const thisHost: HostFacts = {
  systemd() {
    if (!existsSync("/run/systemd/system")) return null;
    const { stdout } = Bun.spawnSync(["systemctl", "--version"], { stderr: "ignore" });
    const version = /^systemd (\d+)/.exec(stdout.toString())?.[1];
    return version === undefined ? null : Number(version);
  },
  diskFree(path) {
    const { bavail, bsize } = statfsSync(path, { bigint: true });
    return bavail * bsize;
  },
  memoryAvailable() {
    const info = existsSync("/proc/meminfo") ? readFileSync("/proc/meminfo", "utf8") : "";
    const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(info)?.[1];
    return kilobytes === undefined ? BigInt(freemem()) : BigInt(kilobytes) * 1_024n;
  },
  bun: Bun.version,
  uid: process.getuid?.() ?? 0,
};
