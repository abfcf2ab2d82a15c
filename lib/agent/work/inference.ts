/** The work of the inference role: what each kind reads, and the model that it runs. */
import * as z from "zod/mini";
import type { Body } from "../../festival/entry/entry.ts";
import { tradeLimits } from "../../festival/entry/governance.ts";
import { agentsOf } from "../../festival/roles.ts";
import type { Task } from "../../festival/state.ts";
import { formatTimestamp, timestampOf } from "../../hedera/timestamp.ts";
import { forecast, forecastOutput } from "../../inference/kinds/forecast.ts";
import { gather, gatherOutput } from "../../inference/kinds/gather.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { report } from "../../inference/kinds/report.ts";
import { size } from "../../inference/kinds/size.ts";
import { volatility, volatilityOutput } from "../../inference/kinds/volatility.ts";
import { MAX_HISTORY_HOURS } from "../../mirror/exchange-rate-history.ts";
import { beganAt, inputNumber, marketOf, usedOutput, type WorkContext, WorkError } from "./context.ts";
import { feesBetween } from "./fees.ts";
import { positionOutput } from "./position.ts";
import { readRates } from "./rates.ts";
import { tradeOutput } from "./trade.ts";

/** `gather`: the rates of the last `input.hours` (at most 168) before the edition began. */
export async function gatherWork(context: WorkContext): Promise<KindResult> {
  const hours = inputNumber(context, "hours", MAX_HISTORY_HOURS);
  const until = context.state.edition?.started ?? beganAt(context.task);
  return gather.run({ rates: await readRates(context.mirror, until, hours) });
}

/** `volatility`: of the rates that task `uses.rates` gathered. */
export async function volatilityWork(context: WorkContext): Promise<KindResult> {
  return volatility.run(await gathered(context));
}

/** `forecast`: `input.horizon_hours` ahead, from the rates that task `uses.rates` gathered. */
export async function forecastWork(context: WorkContext): Promise<KindResult> {
  return forecast.run({
    ...(await gathered(context)),
    horizon_hours: inputNumber(context, "horizon_hours", 1),
  });
}

/** `size`: the trade that the position `uses.position` and the desk's pool at that time call for. */
export async function sizeWork(context: WorkContext): Promise<KindResult> {
  const position = rawOutput(context, "position");
  const { pool } = usedOutput(context, "position", positionOutput);
  if (pool === undefined) throw new WorkError("USE_INVALID", "the position was read without a desk's pool");
  usedOutput(context, "volatility", volatilityOutput);
  usedOutput(context, "forecast", forecastOutput);
  const { limits } = marketOf(context.state);
  return size.run({
    hbar: position.hbar,
    tokens: position.tokens,
    pool: position.pool,
    reference_micro_usd: position.reference_micro_usd,
    forecast: rawOutput(context, "forecast"),
    volatility: rawOutput(context, "volatility"),
    limits: z.encode(tradeLimits, limits),
  });
}

/** `report`: the edition as the log had it when the report was assigned. */
export async function reportWork(context: WorkContext): Promise<KindResult> {
  const { state, task, mirror } = context;
  const { edition } = state;
  if (edition === null) throw new Error("a task without an edition");
  const at = beganAt(task);
  const tasks = [...edition.tasks.values()];
  const byKind = (kind: string) => tasks.find(({ spec, result }) => spec.kind === kind && result !== null);
  const forecastResult = byKind("forecast")?.result?.payload.output;
  const tradeResult = byKind("trade")?.result?.payload.output;
  return report.run({
    self: task.id,
    edition: edition.number,
    started: formatTimestamp(edition.started),
    at: formatTimestamp(at),
    planned: edition.taskCount,
    tasks: tasks.map(reportedTask),
    fees: String(
      await feesBetween(
        mirror,
        agentsOf(state).map(({ account }) => account),
        edition.started,
        at,
      ),
    ),
    ...(forecastResult === undefined ? {} : { forecast: forecastResult }),
    ...(tradeResult === undefined ? {} : { trade: reportedTrade(tradeResult) }),
  });
}

async function gathered(context: WorkContext) {
  const { to, hours, rates_sha256 } = usedOutput(context, "rates", gatherOutput);
  return { rates: await readRates(context.mirror, timestampOf(to), hours), rates_sha256 };
}

/** An output as the log has it, amounts as text: the form that a kind's input takes. */
function rawOutput(context: WorkContext, name: string): Readonly<Record<string, unknown>> {
  const id = context.task.spec.uses?.[name] ?? "";
  return context.state.edition?.tasks.get(id)?.result?.payload.output ?? {};
}

function reportedTask(task: Task) {
  const duration = task.result?.payload.duration_ms;
  return {
    task_id: task.id,
    kind: task.spec.kind,
    state: task.state,
    attempt: task.attempt,
    lease_seconds: task.leaseSeconds,
    changed: formatTimestamp(task.changed),
    ...(duration === undefined ? {} : { duration_ms: duration }),
    ...(task.payment === null ? {} : { paid: String(task.payment.amount) }),
  };
}

function reportedTrade(output: NonNullable<Body<"task_result">["payload"]["output"]>) {
  const parsed = z.safeParse(tradeOutput, output);
  if (!parsed.success) throw new WorkError("USE_INVALID", "the edition's trade has no result to report");
  const { outcome, side, hbar, tokens } = parsed.data;
  const terms = side === undefined ? {} : { side, hbar: String(hbar), tokens: String(tokens) };
  return { outcome, ...terms };
}
