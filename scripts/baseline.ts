/** Records how a running festival goes, for the watcher to compare with. */
import * as z from "zod/mini";
import { type Baseline, baselineSchema } from "../lib/festival/alarm/baseline.ts";
import { LATELY_SECONDS } from "../lib/festival/alarm/sight.ts";
import { formatHbar } from "../lib/hedera/amount.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { namedLog, namedMirror } from "./support/named.ts";
import { look } from "./watch/look.ts";

const options = commandLine(
  "baseline",
  "bun run baseline --out baseline.json --log 0.0.1012 --mirror http://127.0.0.1:5551",
)
  .description(
    "Rates and latencies of a running festival, from the mirror node alone, as JSON for `watch --baseline`.",
  )
  .option("--json", "print one JSON object on stdout, and nothing else")
  .option("--out <file>", "where to write it; without, only on stdout")
  .option("--seconds <n>", "over the last so many seconds", wholeNumber(1), LATELY_SECONDS)
  .option("--log <topic>", "the festival's log; default FEST_LOG")
  .option("--mirror <url>", "the mirror node; default that of HEDERA_NETWORK")
  .parse()
  .opts<{ json?: true; out?: string; seconds: number; log?: string; mirror?: string }>();

try {
  const log = namedLog(options.log);
  const mirror = namedMirror(options.mirror);
  const now = mirror.clock.now();
  const looked = { mirror, log, now, baseline: null, seen: undefined };
  const { rates } = await look({ ...looked, latelySeconds: options.seconds });
  const wire = z.encode(baselineSchema, rates);
  if (options.out !== undefined) await Bun.write(options.out, `${JSON.stringify(wire, null, 2)}\n`);
  console.log(options.json ? JSON.stringify(wire) : describe(rates));
  process.exit(0);
} catch (error) {
  fail("baseline", options.json, error);
}

function describe(rates: Baseline): string {
  const { round_ms: round, heartbeat_gap_seconds: gap } = rates;
  return [
    `over ${rates.seconds} s:`,
    `  ${rates.entries_per_hour} entries an hour, ${rates.tasks_per_hour} tasks paid an hour`,
    `  a round takes ${round.median} ms, 90 % under ${round.p90} ms (${round.count} seen)`,
    `  heartbeats ${gap.median} s apart, 90 % under ${gap.p90} s (${gap.count} seen)`,
    `  fees of the last 24 hours: ${formatHbar(rates.fees_per_day)} HBAR`,
  ].join("\n");
}
