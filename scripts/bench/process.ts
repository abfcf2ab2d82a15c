import { readFileSync } from "node:fs";
import { end, readLines } from "../support/supervisor.ts";

/** A child process that said in one line of JSON that it is ready. */
export interface Ready {
  /** Its first line, parsed. */
  readonly line: Readonly<Record<string, unknown>>;
  /** Milliseconds from its start to that line. */
  readonly readyMs: number;
  readonly pid: number;
  /** Resident memory now, in MB. */
  rssMb(): number;
  stop(): Promise<void>;
}

/** Starts a script in this folder (or above it) and waits until it is ready. @throws Error where it ends before */
export async function startScript(script: string, ...args: string[]): Promise<Ready> {
  const begun = performance.now();
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/${script}`, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    ipc: () => undefined,
  });
  const first = await new Promise<string | null>((resolve) => {
    void readLines(child.stdout, resolve).then(() => resolve(null));
  });
  const readyMs = performance.now() - begun;
  if (first === null) throw new Error(`${script} ended before it was ready`);
  return {
    line: JSON.parse(first),
    readyMs,
    pid: child.pid,
    rssMb: () => rssMb(child.pid),
    stop: () => end(child),
  };
}

/** A text field of a ready line. @throws Error where there is none */
export function textOf({ line }: Ready, field: string): string {
  const value = line[field];
  if (typeof value !== "string") throw new Error(`the ready line has no ${field}`);
  return value;
}

function rssMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1_024;
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
