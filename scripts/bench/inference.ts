import * as z from "zod/mini";
import { median, startScript } from "./process.ts";

const RUNS = 5;

/** What `bun run bench inference --json` ends in; medians over a few processes. */
export interface InferenceFigures {
  /** Milliseconds of a forecast of 168 rates six hours ahead, its error on held-back history included. */
  readonly forecast_ms: number;
  readonly forecast_p99_ms: number;
  readonly gather_ms: number;
  /** With the fit of GARCH(1,1). */
  readonly volatility_ms: number;
  /** A forecast to one HTTP request on loopback, of the 168 that its rates take. */
  readonly forecast_to_request: number;
  /** Resident memory after 10,000 forecasts. */
  readonly rss_mb: number;
  /** To that of the same process before it loaded the engine. */
  readonly rss_to_bare: number;
  /** To that after 1,000 forecasts; 1 is no growth. */
  readonly rss_10k_to_1k: number;
}

const found = z.object({
  forecast_ms: z.number(),
  forecast_p99_ms: z.number(),
  gather_ms: z.number(),
  volatility_ms: z.number(),
  request_ms: z.number(),
  rss: z.object({ before: z.number(), few: z.number(), many: z.number() }),
});

/** Measures the embedded engine in processes of its own. */
export async function benchInference(say: (line: string) => void): Promise<InferenceFigures> {
  const runs: z.output<typeof found>[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const worker = await startScript("inference/worker.ts");
    const figures = z.parse(found, worker.line);
    await worker.stop();
    runs.push(figures);
    say(
      `process ${run}: a forecast in ${figures.forecast_ms.toFixed(2)} ms, ${figures.rss.many.toFixed(0)} MB`,
    );
  }
  const middle = (pick: (run: z.output<typeof found>) => number) =>
    Number(median(runs.map(pick)).toPrecision(3));
  return {
    forecast_ms: middle((run) => run.forecast_ms),
    forecast_p99_ms: middle((run) => run.forecast_p99_ms),
    gather_ms: middle((run) => run.gather_ms),
    volatility_ms: middle((run) => run.volatility_ms),
    forecast_to_request: middle((run) => run.forecast_ms / run.request_ms),
    rss_mb: middle((run) => run.rss.many),
    rss_to_bare: middle((run) => run.rss.many / run.rss.before),
    rss_10k_to_1k: middle((run) => run.rss.many / run.rss.few),
  };
}
