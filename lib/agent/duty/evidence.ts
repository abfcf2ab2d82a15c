/** What the coordinator reads for itself before it judges a result. */

import type { Criterion, Task } from "../../festival/state.ts";
import { describeError, FestError } from "../../hedera/error.ts";
import { formatTransactionId, sameTransactionId } from "../../hedera/transaction-id.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { executedSwapFault } from "../../market/swap.ts";
import { MirrorError, MirrorUnavailable } from "../../mirror/error.ts";
import { marketOf, type WorkContext } from "../work/context.ts";
import { TRADE, type Work } from "../work/kinds.ts";
import { describeTrade, tradeIntent } from "../work/trade.ts";
import type { Evidence } from "./settling.ts";

/** Signatures that a trade's schedule must show: defi, desk, coordinator. */
const SIGNATURES = 3;

/**
 * The judge's own evidence: work that can be done again is done again and must
 * come to the same output and metrics to the byte; of a trade, the transfers must be on the mirror.
 *
 * @throws MirrorError if the mirror node cannot be read now: then nothing is judged
 */
export function evidenceOf(kinds: ReadonlyMap<string, Work>): Evidence {
  return async (context) => {
    const { task } = context;
    if (task.result?.payload.status !== "completed") return [];
    if (task.spec.kind === TRADE) return tradeEvidence(context);
    const work = kinds.get(task.spec.kind);
    if (work === undefined) return [{ name: "kind", passed: false, value: `nobody does ${task.spec.kind}` }];
    return [await recomputed(task, () => work(context))];
  };
}

/** Metrics count as much as the output: the gate is judged by them. */
async function recomputed({ result }: Task, again: () => Promise<KindResult>): Promise<Criterion> {
  try {
    const passed = textOf(result?.payload) === textOf(await again());
    return { name: "recomputed", passed, ...(passed ? {} : { value: "the same work gives another result" }) };
  } catch (error) {
    if (error instanceof MirrorError || !(error instanceof FestError)) throw error;
    return { name: "recomputed", passed: false, value: describeError(error).slice(0, 200) };
  }
}

function textOf(result: { readonly output?: unknown; readonly metrics?: unknown } | undefined): string {
  return JSON.stringify([result?.output, result?.metrics ?? {}]);
}

async function tradeEvidence(context: WorkContext): Promise<readonly Criterion[]> {
  const { task } = context;
  const { trade } = task;
  const expected = async (): Promise<KindResult> => {
    if (trade !== null) return describeTrade(trade);
    const intent = tradeIntent(context);
    return intent.kind === "done" ? intent.result : { output: { outcome: "expected to trade" }, metrics: {} };
  };
  const same = await recomputed(task, expected);
  return trade?.stage === "settled" ? [same, ...(await transfersOf(context))] : [same];
}

/** The trade's transfers and signatures, as the mirror shows them. */
async function transfersOf({ state, task, mirror }: WorkContext): Promise<readonly Criterion[]> {
  const trade = task.trade;
  if (!trade?.transaction || !trade.schedule) return [{ name: "transfers", passed: false }];
  const found = await mirror.transaction(trade.transaction, { scheduled: true });
  const schedule = await mirror.schedule(trade.schedule);
  const executed = found?.find(({ scheduled }) => scheduled);
  if (!executed || !schedule) throw new MirrorUnavailable("the mirror node does not have the trade yet");
  const { fund, token } = marketOf(state);
  const { side, hbar, tokens } = trade;
  const fault = executedSwapFault(
    { side, hbar, tokens, fund, desk: trade.account, token },
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
