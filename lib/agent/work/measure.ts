/** `measure`: what the edition's trade did for the fund, from the ledger's own transfers. */
import * as z from "zod/mini";
import { amount, count } from "../../festival/entry/field.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { DESK_FEE_BPS } from "../../market/desk.ts";
import { type ExecutedSwap, profitOf } from "../../market/profit.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";
import { usedOutput, type WorkContext } from "./context.ts";
import { positionOutput } from "./position.ts";
import { tradeOutput } from "./trade.ts";

const signed = z.codec(z.string().check(z.regex(/^-?\d{1,30}$/)), z.bigint(), {
  decode: (text): bigint => BigInt(text),
  encode: (value): string => value.toString(),
});

/** Output of `measure`: micro-USD, tinybars and token units; profit against the position before, fees included. */
export const measureOutput = z.object({
  trades: count,
  hbar: amount,
  tokens: amount,
  realised_micro_usd: signed,
  unrealised_micro_usd: signed,
  venue_fees_micro_usd: amount,
  network_fees: amount,
  net_micro_usd: signed,
  untouched_micro_usd: signed,
});

/**
 * Compares the positions `uses.before` and `uses.after` by way of the trade
 * `uses.trade`. Metric `reconciled`: the transfers explain the position exactly.
 */
export async function measureWork(context: WorkContext): Promise<KindResult> {
  const before = usedOutput(context, "before", positionOutput);
  const after = usedOutput(context, "after", positionOutput);
  const swaps = await swapsOf(context);
  const profit = profitOf({
    opening: { hbar: before.hbar, tokens: before.tokens, price: before.reference_micro_usd },
    swaps,
    price: after.reference_micro_usd,
    feeBps: DESK_FEE_BPS,
  });
  const output = z.encode(measureOutput, {
    trades: profit.trades,
    hbar: after.hbar,
    tokens: after.tokens,
    realised_micro_usd: profit.realised,
    unrealised_micro_usd: profit.unrealised,
    venue_fees_micro_usd: profit.venueFees,
    network_fees: profit.networkFees,
    net_micro_usd: profit.net,
    untouched_micro_usd: profit.untouched,
  });
  const reconciled = profit.inventory.hbar === after.hbar && profit.inventory.tokens === after.tokens;
  return { output, metrics: { reconciled, trades: profit.trades } };
}

/**
 * The trade as the mirror has it: its schedule's creation and execution share one id.
 *
 * @throws MirrorUnavailable as long as the mirror node does not have it: waiting is no failure
 */
async function swapsOf(context: WorkContext): Promise<readonly ExecutedSwap[]> {
  const { outcome, transaction, side, hbar, tokens } = usedOutput(context, "trade", tradeOutput);
  if (outcome !== "settled" || !transaction || !side || hbar === undefined || tokens === undefined) return [];
  const found = await context.mirror.transaction(transaction);
  const executed = found?.find(({ scheduled }) => scheduled);
  if (!found || !executed) throw new MirrorUnavailable("the mirror node does not have the trade yet");
  const networkFee = found.reduce((sum, { chargedFee }) => sum + chargedFee, 0n);
  return [{ at: executed.timestamp, side, hbar, tokens, networkFee }];
}
