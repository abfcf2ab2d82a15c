/** `measure`: what the edition's trade did for the fund, from the ledger's own transfers. */
import * as z from "zod/mini";
import { amount, count } from "../../festival/entry/field.ts";
import type { Tinybar } from "../../hedera/amount.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { profitOf } from "../../market/profit.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";
import { type Book, readBook } from "./book.ts";
import { beganAt, marketOf, usedOutput, usedTask, type WorkContext, WorkError } from "./context.ts";
import { poolAccount, poolFee } from "./pool.ts";
import { positionOutput } from "./position.ts";
import { tradeOutput } from "./trade.ts";

const signed = z.codec(z.string().check(z.regex(/^-?\d{1,30}$/)), z.bigint(), {
  decode: (text): bigint => BigInt(text),
  encode: (value): string => value.toString(),
});

/** Output of `measure`: micro-USD, tinybars and token units; profit against the position before, fees included. */
const measureOutput = z.object({
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
 * `uses.trade`. Metric `reconciled`: the
 * transfers explain the position exactly, and nothing left the fund but by a swap.
 */
export async function measureWork(context: WorkContext): Promise<KindResult> {
  const before = usedOutput(context, "before", positionOutput);
  const after = usedOutput(context, "after", positionOutput);
  const networkFees = await feesOfTrade(context);
  const book = await bookOf(context);
  const profit = profitOf({
    ...book,
    opening: { hbar: before.hbar, tokens: before.tokens, price: before.reference_micro_usd },
    networkFees,
    price: after.reference_micro_usd,
    feeBps: poolFee(context.state),
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
  const { inventory } = profit;
  const balanced = inventory.hbar === after.hbar && inventory.tokens === after.tokens;
  const reconciled = balanced && book.deposits.every(({ hbar, tokens }) => hbar >= 0n && tokens >= 0n);
  return { output, metrics: { reconciled, trades: profit.trades } };
}

/** What moved the fund between the two positions. */
function bookOf(context: WorkContext): Promise<Book> {
  const { state, mirror } = context;
  const { fund, token } = marketOf(state);
  const pool = poolAccount(state);
  if (pool === null) throw new WorkError("MARKET_MISSING", "the manifest names no desk");
  const [from, to] = [beganAt(usedTask(context, "before")), beganAt(usedTask(context, "after"))];
  return readBook(mirror, { fund, pool, token }, from, to);
}

/**
 * What the network charged for the trade: its schedule's creation and execution share one id.
 *
 * @throws MirrorUnavailable as long as the mirror node does not have it: waiting is no failure
 */
async function feesOfTrade(context: WorkContext): Promise<Tinybar> {
  const { outcome, transaction } = usedOutput(context, "trade", tradeOutput);
  if (outcome !== "settled" || !transaction) return 0n;
  const found = await context.mirror.transaction(transaction);
  if (!found?.some(({ scheduled }) => scheduled)) {
    throw new MirrorUnavailable("the mirror node does not have the trade yet");
  }
  return found.reduce((sum, { chargedFee }) => sum + chargedFee, 0n);
}
