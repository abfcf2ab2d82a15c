import type { Crash, Step } from "./life.ts";
import type { Random } from "./random.ts";

/** Most effects take these steps, submissions above all. */
const STEPS = ["submit", "submit", "submit", "receipt", "receipt", "memo", "read", "sleep"] as const;

/** Where a life ends by itself. @param latest how far into it that may be, by the sort of step */
export function crashWithin(latest: Readonly<Record<Step, number>>, random: Random): Crash {
  const step = random.pick(...STEPS);
  return { step, nth: random.between(1, latest[step]), when: random.pick("before", "after") };
}
