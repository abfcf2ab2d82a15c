/** A process that does nothing but the embedded engine's work, for `bun run bench inference`; says what it found in one line. */
import type { HourlyRate } from "../../../lib/inference/rate-series.ts";
import { median } from "../process.ts";

const MB = 1_048_576;
const WARM_UP = 300;
const TIMED = 1_500;
const FEW = 1_000;
const MANY = 10_000;

const before = process.memoryUsage().rss / MB;
const { runEmbedded } = await import("../../../lib/inference/engine.ts");
const loaded = process.memoryUsage().rss / MB;

/** A week of made-up rates, another for each seed. */
function week(seed: number): HourlyRate[] {
  let random = seed;
  let cents = 750_000;
  return Array.from({ length: 168 }, (_, hour) => {
    random = (random * 48_271) % 2_147_483_647;
    cents += Math.round((cents * ((random % 2_001) - 1_000)) / 100_000);
    return { hourStart: 1_699_999_200 + hour * 3_600, centEquivalent: cents, hbarEquivalent: 30_000 };
  });
}

function timeOf(kind: string, more: object): readonly number[] {
  const inputs = Array.from({ length: 20 }, (_, seed) => ({ rates: week(seed + 1), ...more }));
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + TIMED; run += 1) {
    const begun = performance.now();
    runEmbedded(kind, inputs[run % inputs.length]);
    if (run >= WARM_UP) times.push(performance.now() - begun);
  }
  return times.toSorted((a, b) => a - b);
}

/** One request to a server in this process: what a single read of a mirror costs at the very least. */
async function timeOfRequest(): Promise<number> {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json({ ok: true }) });
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + 500; run += 1) {
    const begun = performance.now();
    await (await fetch(server.url)).json();
    if (run >= WARM_UP) times.push(performance.now() - begun);
  }
  await server.stop(true);
  return median(times);
}

const forecasts = timeOf("forecast", { horizon_hours: 6 });
const figures = {
  forecast_ms: median(forecasts),
  forecast_p99_ms: forecasts[Math.floor(forecasts.length * 0.99)],
  gather_ms: median(timeOf("gather", {})),
  volatility_ms: median(timeOf("volatility", {})),
  request_ms: await timeOfRequest(),
};
const rates = week(1);
let done = 0;
const rssAfter = (count: number) => {
  for (; done < count; done += 1) runEmbedded("forecast", { rates, horizon_hours: 6 });
  Bun.gc(true);
  return process.memoryUsage().rss / MB;
};
const few = rssAfter(FEW);
const many = rssAfter(MANY);
console.log(JSON.stringify({ ...figures, rss: { before, loaded, few, many } }));
setInterval(() => undefined, 60_000);
