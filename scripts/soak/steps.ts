import { middle } from "./growth.ts";
import type { ProcessSample } from "./process-sample.ts";

/** How long a step is. */
const STEP_SECONDS = 600;
/** By so much a look may come late, and still belong to the step that it was meant for. */
const LATE_SECONDS = 15;

/** What the processes' memory was over ten minutes, which no single reading of a sawtooth tells. */
export interface Step {
  /** The minute that it ends with. */
  readonly minute: number;
  /** Megabytes of resident memory, by process. */
  readonly rss_mb: Readonly<Record<string, { readonly lowest: number; readonly median: number }>>;
}

/** Memory in steps of ten minutes; a last step that was cut short counts as far as it came. */
export function stepsOf(
  looks: readonly {
    readonly seconds: number;
    readonly processes: Readonly<Record<string, ProcessSample>>;
  }[],
): readonly Step[] {
  const steps = Map.groupBy(looks, ({ seconds }) =>
    Math.floor(Math.max(0, seconds - LATE_SECONDS) / STEP_SECONDS),
  );
  return [...steps].map(([step, some]) => {
    const names = new Set(some.flatMap(({ processes }) => Object.keys(processes)));
    const spreads = [...names].map((name) => {
      const readings = some.flatMap(({ processes }) => processes[name]?.rssMb ?? []);
      return [name, { lowest: Math.min(...readings), median: middle(readings) }] as const;
    });
    const end = Math.min((step + 1) * STEP_SECONDS, some.at(-1)?.seconds ?? 0);
    return { minute: Math.round(end / 60), rss_mb: Object.fromEntries(spreads) };
  });
}
