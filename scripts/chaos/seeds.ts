import { availableParallelism, constants, setPriority } from "node:os";
import { FestError } from "../../lib/hedera/error.ts";
import { readLines } from "../support/supervisor.ts";
import { type SeedReport, seedReport } from "./report.ts";

/** Which seeds to play. */
export interface SeedRange {
  readonly from: number;
  readonly seeds: number;
  /** Told of every seed as it ends. */
  readonly onSeed?: (report: SeedReport) => void;
}

/** Plays seeds in virtual time, on all processors. @throws FestError `CHAOS_BROKEN` if a player itself dies */
export async function playSimulated({ from, seeds, onSeed }: SeedRange): Promise<readonly SeedReport[]> {
  const players = Math.min(availableParallelism(), seeds);
  const reports: SeedReport[] = [];
  const play = async (player: number): Promise<void> => {
    const range = [from + player, from + seeds, players].map(String);
    const child = Bun.spawn([process.execPath, `${import.meta.dir}/worker.ts`, ...range], {
      stdio: ["ignore", "pipe", "inherit"],
      ipc: () => undefined,
    });
    // It has no clock but its own: whoever has a real one goes first.
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    await readLines(child.stdout, (line) => {
      const report = seedReport.parse(JSON.parse(line));
      reports.push(report);
      onSeed?.(report);
    });
    const code = await child.exited;
    if (code !== 0) throw new FestError("CHAOS_BROKEN", `a player ended with exit code ${code}`);
  };
  await Promise.all(Array.from({ length: players }, (_, player) => play(player)));
  return reports;
}
