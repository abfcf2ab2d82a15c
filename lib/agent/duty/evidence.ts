/** What the coordinator reads for itself before it judges a result. */

import * as z from "zod/mini";
import { isManual } from "../../festival/manual.ts";
import type { Criterion } from "../../festival/state.ts";
import { describeError, FestError } from "../../hedera/error.ts";
import { formatTransactionId, sameTransactionId } from "../../hedera/transaction-id.ts";
import { forecastOutput } from "../../inference/kinds/forecast.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { executedSwapFault } from "../../market/swap.ts";
import { MirrorError, MirrorUnavailable } from "../../mirror/error.ts";
import { analysisEvidence } from "../work/analyse.ts";
import type { WorkContext } from "../work/context.ts";
import { type Delivered, deliveredOutput } from "../work/file.ts";
import { ANALYSE, FORECAST, TRADE, type Work } from "../work/kinds.ts";
import { makerOf, provenanceCriterion } from "../work/provenance.ts";
import { describeTrade, tradeIntent } from "../work/trade.ts";
import type { Evidence } from "./settling.ts";
import { termsOf } from "./terms.ts";

/** Signatures that a trade's schedule must show: defi, desk, coordinator. */
const SIGNATURES = 3;

/**
 * The judge's own evidence: work that can be done again is done again and must
 * come to the same output and metrics to the byte, and state where it comes from;
 * of a trade, the transfers must be on the mirror; of what a language model said,
 * its form, its figures and its hashes.
 *
 * @throws MirrorError if the mirror node cannot be read now: then nothing is judged
 */
export function evidenceOf(kinds: ReadonlyMap<string, Work>): Evidence {
  return async (context) => {
    const { task } = context;
    if (task.result?.payload.status !== "completed") return [];
    // A person's evidence is for people to judge; what binds is the task's gate.
    if (isManual(task)) return [];
    let output: unknown;
    try {
      output = await deliveredOutput(context.mirror, task.result);
    } catch (error) {
      return [refuted("output", error)];
    }
    const delivered = { output, metrics: task.result.payload.metrics };
    if (task.spec.kind === ANALYSE) return analysisEvidence(context, delivered);
    if (task.spec.kind === TRADE) return tradeEvidence(context, delivered);
    const work = kinds.get(task.spec.kind);
    if (work === undefined) return [{ name: "kind", passed: false, value: `nobody does ${task.spec.kind}` }];
    const soundness = task.spec.kind === FORECAST ? [ordered(output)] : [];
    return [...(await recomputed(context, delivered, () => work(context))), ...soundness];
  };
}

/** Metrics count as much as the output: the gate is judged by them. */
async function recomputed(
  context: WorkContext,
  delivered: Delivered,
  work: () => Promise<KindResult>,
): Promise<readonly Criterion[]> {
  try {
    const again = await work();
    const passed = textOf(delivered) === textOf(again);
    return [
      { name: "recomputed", passed, ...(passed ? {} : { value: "the same work gives another result" }) },
      provenanceCriterion(context, delivered.output, makerOf(context.task.spec.kind, again)),
    ];
  } catch (error) {
    return [refuted("recomputed", error)];
  }
}

/** What was found wrong; a mirror that cannot be read now is no verdict, nor is a defect. */
function refuted(name: string, error: unknown): Criterion {
  if (error instanceof MirrorError || !(error instanceof FestError)) throw error;
  return { name, passed: false, value: describeError(error).slice(0, 200) };
}

/** Quantiles that do not cross, whatever the plan's gate asks for. */
function ordered(output: unknown): Criterion {
  const parsed = z.safeParse(forecastOutput, output);
  if (!parsed.success) return { name: "quantiles", passed: false, value: "it is no forecast" };
  const { q10_micro_usd: low, q50_micro_usd: middle, q90_micro_usd: high } = parsed.data;
  const passed = low <= middle && middle <= high;
  return { name: "quantiles", passed, ...(passed ? {} : { value: "they cross" }) };
}

function textOf({ output, metrics }: Delivered): string {
  return JSON.stringify([output, metrics ?? {}]);
}

async function tradeEvidence(context: WorkContext, delivered: Delivered): Promise<readonly Criterion[]> {
  const { task } = context;
  const { trade } = task;
  const expected = async (): Promise<KindResult> => {
    if (trade !== null) return describeTrade(trade);
    const intent = tradeIntent(context);
    return intent.kind === "done" ? intent.result : { output: { outcome: "expected to trade" }, metrics: {} };
  };
  const same = await recomputed(context, delivered, expected);
  return trade?.stage === "settled" ? [...same, ...(await transfersOf(context))] : same;
}

/** The trade's transfers and signatures, as the mirror shows them. */
async function transfersOf({ state, task, mirror }: WorkContext): Promise<readonly Criterion[]> {
  const trade = task.trade;
  if (!trade?.transaction || !trade.schedule) return [{ name: "transfers", passed: false }];
  const found = await mirror.transaction(trade.transaction, { scheduled: true });
  const schedule = await mirror.schedule(trade.schedule);
  const executed = found?.find(({ scheduled }) => scheduled);
  if (!executed || !schedule) throw new MirrorUnavailable("the mirror node does not have the trade yet");
  const fault = executedSwapFault(
    termsOf(state, trade),
    { hbar: executed.transfers, tokens: executed.tokenTransfers },
    { payer: executed.id.payer, fee: executed.chargedFee },
  );
  const ours = sameTransactionId(executed.id, trade.transaction) && executed.timestamp === schedule.executed;
  const passed = fault === null && executed.result === "SUCCESS" && ours;
  const signatures = schedule.signatures.length;
  return [
    { name: "transfers", passed, value: fault ?? formatTransactionId(executed.id) },
    { name: "signatures", passed: signatures === SIGNATURES, value: signatures, limit: `is ${SIGNATURES}` },
  ];
}
