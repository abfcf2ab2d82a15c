/** The festival that chaos plays: eight short tasks, a trade among them, one that may fail, and a forecast that is scored later. */
import * as z from "zod/mini";
import { inputNumber, usedOutput, WorkError } from "../../lib/agent/work/context.ts";
import { FORECAST, TRADE, type Work } from "../../lib/agent/work/kinds.ts";
import { positionOutput, positionWork } from "../../lib/agent/work/position.ts";
import { priceAt } from "../../lib/agent/work/rates.ts";
import { riskWork } from "../../lib/agent/work/risk.ts";
import type { Plan, PlannedTask } from "../../lib/festival/plan/plan.ts";
import { HOUR_SECONDS } from "../../lib/festival/score.ts";
import { TINYBARS_PER_HBAR } from "../../lib/hedera/amount.ts";
import { secondsOf } from "../../lib/hedera/timestamp.ts";
import { forecastOutput } from "../../lib/inference/kinds/forecast.ts";
import { sizeOutput } from "../../lib/inference/kinds/size.ts";

/** `observe`: the network's price when the edition began. */
const observeWork: Work = async ({ state, mirror }) => {
  const price = await priceAt(mirror, state.edition?.started ?? 0n);
  return { output: { price: String(price) }, metrics: { known: price > 0n } };
};

/** `size`: buys a fixed amount, so that there always is a trade; the pool is so cheap that it pays. */
const sizeWork: Work = async (context) => {
  const { reference_micro_usd } = usedOutput(context, "position", positionOutput);
  const output = z.encode(sizeOutput, {
    engine: "chaos",
    model: "fixed",
    version: "1",
    action: "buy",
    hbar: 10n * TINYBARS_PER_HBAR,
    reference_micro_usd,
    weight: null,
    target: 0.5,
    reason: "for the sake of a trade",
    spread_bps: 0,
  });
  return { output, metrics: {} };
};

/** `forecast`: that the price stays what it is, for the next full hour. */
const forecastWork: Work = async ({ state, mirror }) => {
  const started = state.edition?.started ?? 0n;
  const price = await priceAt(mirror, started);
  const seconds = Number(secondsOf(started));
  const by = (percent: bigint) => (price * percent) / 100n;
  const output = z.encode(forecastOutput, {
    engine: "chaos",
    model: "fixed",
    version: "1",
    horizon_hours: 1,
    as_of: seconds - (seconds % HOUR_SECONDS),
    last_micro_usd: price,
    q10_micro_usd: by(99n),
    q50_micro_usd: price,
    q90_micro_usd: by(101n),
    walk_q10_micro_usd: by(98n),
    walk_q90_micro_usd: by(102n),
    pinball: 0,
    pinball_random_walk: 0,
    coverage_80: 0,
    mape: 0,
    trained_on: 0,
    held_back: 0,
    rates_sha256: "0".repeat(64),
  });
  return { output, metrics: {} };
};

/** `fickle`: fails in its first `input.failures` attempts. */
const fickleWork: Work = async (context) => {
  const failures = inputNumber(context, "failures", 0);
  if (context.task.attempt <= failures) throw new WorkError("FICKLE", "not today");
  return { output: { attempt: context.task.attempt }, metrics: {} };
};

/** The work of every kind in the plan but the trade. */
export const CHAOS_WORK: ReadonlyMap<string, Work> = new Map([
  ["observe", observeWork],
  ["position", positionWork],
  ["size", sizeWork],
  ["risk", riskWork],
  ["fickle", fickleWork],
  [FORECAST, forecastWork],
]);

/** The task that fails as often as it is told to. */
export const FICKLE = "1.3.1";

/** The plan; `failures` is how often its fickle task fails. */
export function chaosPlan(failures: number): Plan {
  const task = (id: string, kind: string, role: string, spec: Partial<PlannedTask["spec"]>): PlannedTask => ({
    id,
    spec: { name: kind, kind, role, reward: 10n * BigInt(id.replaceAll(".", "")), ...spec },
    file: `${id}.md`,
    placeOf: () => ({ file: "plan", line: 1 }),
  });
  const steps = (...ids: string[]) => ids.map((id) => ({ id, name: id }));
  return {
    id: "chaos",
    name: "Chaos",
    everySeconds: null,
    phases: steps("1", "2", "3"),
    sequences: steps("1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "3.1", "3.2"),
    tasks: [
      task("1.1.1", "observe", "inference", {}),
      task("1.2.1", "position", "defi", {}),
      task(FICKLE, "fickle", "inference", { input: { failures } }),
      task("1.4.1", FORECAST, "inference", {}),
      task("2.1.1", "size", "inference", { uses: { position: "1.2.1", rates: "1.1.1" } }),
      task("2.2.1", "risk", "defi", { uses: { size: "2.1.1", position: "1.2.1" } }),
      task("3.1.1", TRADE, "defi", { uses: { size: "2.1.1", risk: "2.2.1" } }),
      task("3.2.1", "position", "defi", { depends_on: ["3.1.1"] }),
    ],
    gates: 0,
  };
}
