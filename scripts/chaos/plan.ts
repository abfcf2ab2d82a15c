/**
 * The festival that chaos plays: eight short tasks, a trade among them, one that may fail, and a
 * forecast that is scored later; and, where a seed asks for it, a task for a person, a payment
 * that the owner must sign, and one that waits for both.
 */
import * as z from "zod/mini";
import { inputNumber, usedOutput, WorkError } from "../../lib/agent/work/context.ts";
import { FORECAST, TRADE, type Work } from "../../lib/agent/work/kinds.ts";
import { positionOutput, positionWork } from "../../lib/agent/work/position.ts";
import { priceAt } from "../../lib/agent/work/rates.ts";
import { riskWork } from "../../lib/agent/work/risk.ts";
import { MANUAL, OWNER } from "../../lib/festival/manual.ts";
import type { Plan, PlannedTask } from "../../lib/festival/plan/plan.ts";
import { HOUR_SECONDS } from "../../lib/festival/score.ts";
import { TINYBARS_PER_HBAR } from "../../lib/hedera/amount.ts";
import { secondsOf } from "../../lib/hedera/timestamp.ts";
import { forecastOutput } from "../../lib/inference/kinds/forecast.ts";
import { sizeOutput } from "../../lib/inference/kinds/size.ts";
import type { Asked, AskedChange } from "./asked.ts";

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

/** The task that the owner does. */
export const MANUAL_TASK = "1.5.1";
/** What its gate asks the owner for, at least. */
export const PAGES = 3;
/** The task whose payment the owner signs. */
export const LARGE_TASK = "1.6.1";
/** More than the manifest lets the coordinator pay alone. */
const LARGE_REWARD = 20_000n;

function task(id: string, kind: string, role: string, spec: Partial<PlannedTask["spec"]> = {}): PlannedTask {
  return {
    id,
    spec: { name: kind, kind, role, reward: 10n * BigInt(id.replaceAll(".", "")), ...spec },
    file: `${id}.md`,
    placeOf: () => ({ file: "plan", line: 1 }),
  };
}

/** The plan; `failures` is how often its fickle task fails. */
export function chaosPlan(failures: number, asked: Asked): Plan {
  return planOf([
    task("1.1.1", "observe", "inference"),
    task("1.2.1", "position", "defi"),
    task(FICKLE, "fickle", "inference", { input: { failures } }),
    task("1.4.1", FORECAST, "inference"),
    task("2.1.1", "size", "inference", { uses: { position: "1.2.1", rates: "1.1.1" } }),
    task("2.2.1", "risk", "defi", { uses: { size: "2.1.1", position: "1.2.1" } }),
    task("3.1.1", TRADE, "defi", { uses: { size: "2.1.1", risk: "2.2.1" } }),
    task("3.2.1", "position", "defi", { depends_on: ["3.1.1"] }),
    ...askedTasks(asked),
  ]);
}

function askedTasks({ task: manual, signature }: Asked): readonly PlannedTask[] {
  const gate = { pages: { min: PAGES } };
  const deadline = manual?.deadline == null ? {} : { deadline_seconds: manual.deadline };
  const large = { reward: LARGE_REWARD, approval: "owner" as const };
  const waited = [
    ...(manual === null ? [] : [task(MANUAL_TASK, MANUAL, OWNER, { gate, ...deadline })]),
    ...(signature === null
      ? []
      : [task(LARGE_TASK, "observe", "inference", { ...large, approval_seconds: signature.seconds })]),
  ];
  if (waited.length === 0) return [];
  return [...waited, spare("2.3.1", ...waited.map(({ id }) => id))];
}

/** A task that does nothing but wait for others. */
function spare(id: string, ...depends_on: readonly string[]): PlannedTask {
  return task(id, "fickle", "inference", { input: { failures: 0 }, depends_on: [...depends_on] });
}

/** Which task a change of the plan is about: the one that it adds, or one of the plan's. */
export function changedTask({ tasks }: Plan, { kind, which }: AskedChange): string {
  return kind === "add" ? "3.3.1" : (tasks[Math.floor(which * tasks.length)]?.id ?? FICKLE);
}

/** The plan with one task more, or with another reward for one. */
export function changedPlan(plan: Plan, change: AskedChange): Plan {
  const id = changedTask(plan, change);
  if (change.kind === "add") {
    const needed = plan.tasks[Math.floor(change.which * plan.tasks.length)];
    return planOf([...plan.tasks, spare(id, ...(needed === undefined ? [] : [needed.id]))]);
  }
  return planOf(
    plan.tasks.map((one) =>
      one.id === id ? { ...one, spec: { ...one.spec, reward: one.spec.reward + 1n } } : one,
    ),
  );
}

function planOf(tasks: readonly PlannedTask[]): Plan {
  const steps = (length: number) =>
    [...new Set(tasks.map(({ id }) => id.split(".").slice(0, length).join(".")))].map((id) => ({
      id,
      name: id,
    }));
  const outline = { phases: steps(1), sequences: steps(2) };
  return { id: "chaos", name: "Chaos", everySeconds: null, ...outline, tasks, gates: 0 };
}
