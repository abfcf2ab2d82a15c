import * as z from "zod/mini";

/** What became of one seed, simulated or real; the long parts only where something is wrong. */
export const seedReport = z.object({
  seed: z.int(),
  problems: z.array(z.string()),
  kills: z.int(),
  faults: z.int(),
  doublePayments: z.int(),
  lostTasks: z.int(),
  /** From the manifest to the commit, in seconds of the ledger's time. */
  seconds: z.number(),
  log: z.optional(z.array(z.string())),
  said: z.optional(z.array(z.string())),
  /** Every fault that was made, in order. */
  schedule: z.optional(z.array(z.string())),
});
/** What became of one seed. */
export type SeedReport = z.output<typeof seedReport>;

/** What became of all seeds: what `bun run chaos --json` prints. */
export interface ChaosReport {
  readonly seeds: number;
  readonly passed: number;
  /** The seeds that did not pass. */
  readonly failed: readonly number[];
  readonly kills: number;
  readonly faults: number;
  readonly double_payments: number;
  readonly lost_tasks: number;
}

/** Sums seeds up. */
export function summarise(reports: readonly SeedReport[]): ChaosReport {
  const sum = (of: (report: SeedReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  const failed = reports.filter(({ problems }) => problems.length > 0).map(({ seed }) => seed);
  return {
    seeds: reports.length,
    passed: reports.length - failed.length,
    failed: failed.toSorted((a, b) => a - b),
    kills: sum(({ kills }) => kills),
    faults: sum(({ faults }) => faults),
    double_payments: sum(({ doublePayments }) => doublePayments),
    lost_tasks: sum(({ lostTasks }) => lostTasks),
  };
}

/** Everything that is known of a seed that failed, for people. */
export function describeFailure(report: SeedReport, again: string): string {
  const part = (title: string, lines: readonly string[] = []) =>
    lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
  return [
    `seed ${report.seed} failed; again: ${again}`,
    ...part("problems", report.problems),
    ...part("faults", report.schedule),
    ...part("log", report.log),
    ...part("agents", report.said),
  ].join("\n");
}
