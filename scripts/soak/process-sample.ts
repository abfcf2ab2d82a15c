import { readdirSync, readFileSync } from "node:fs";

/** What the operating system says of a process at a moment. */
export interface ProcessSample {
  /** Resident memory, in megabytes of 1,048,576 bytes. */
  readonly rssMb: number;
  /** Open file descriptors. */
  readonly fds: number;
}

/** Looks at a process from outside, in `/proc`; null if there is none of that id. */
export function sampleProcess(pid: number): ProcessSample | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
    // A process that has ended and that nobody has waited for has no memory left.
    if (kilobytes === undefined) return null;
    return { rssMb: Number(kilobytes) / 1_024, fds: readdirSync(`/proc/${pid}/fd`).length };
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH"))
      return null;
    throw error;
  }
}
