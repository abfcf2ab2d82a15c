import { readFileSync } from "node:fs";
import { end, readLines } from "../support/supervisor.ts";

const STARTS = 9;

/** Starts devnet a few times: how long until it is ready, and how much memory it then takes (medians). */
export async function benchDevnet(
  say: (line: string) => void,
): Promise<{ ready_ms: number; rss_mb: number }> {
  const starts: { ready: number; rss: number }[] = [];
  for (let run = 0; run < STARTS; run++) {
    const begun = performance.now();
    const child = Bun.spawn(
      [process.execPath, `${import.meta.dir}/../devnet.ts`, "--json", "--port-base", "0"],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    await new Promise<void>((resolve) => void readLines(child.stdout, () => resolve()));
    const ready = performance.now() - begun;
    const rss = rssMb(child.pid);
    starts.push({ ready, rss });
    await end(child);
    say(`start ${run + 1}: ready after ${ready.toFixed(0)} ms with ${rss.toFixed(0)} MB`);
  }
  return {
    ready_ms: Math.round(median(starts.map(({ ready }) => ready))),
    rss_mb: Math.round(median(starts.map(({ rss }) => rss))),
  };
}

function rssMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1_024;
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
