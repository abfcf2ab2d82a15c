/** Plays every `step`-th seed from `from` up to but not including `to`, and prints one JSON object a seed. */
import { simulate } from "./simulate.ts";
import { takeSnapshot } from "./snapshot.ts";

// A player lives no longer than who asked for it.
process.on("disconnect", () => process.exit(1));

const [from = 0, to = 0, step = 1] = process.argv.slice(2).map(Number);
const snapshot = await takeSnapshot();
for (let seed = from; seed < to; seed += step) {
  const run = await simulate({ seed, snapshot });
  const { problems, kills, faults, doublePayments, lostTasks, seconds } = run;
  const details = problems.length === 0 ? {} : { log: run.log, said: run.said, schedule: faults };
  const figures = { seed, problems, kills, faults: faults.length, doublePayments, lostTasks, seconds };
  process.stdout.write(`${JSON.stringify({ ...figures, ...details })}\n`);
}
process.exit(0);
