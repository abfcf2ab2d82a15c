/** `trade`: what came of the trade that was sized and passed its risk check. */
import * as z from "zod/mini";
import { amount, scheduleId, text, timestamp, transactionId } from "../../festival/entry/field.ts";
import { side } from "../../festival/entry/trade.ts";
import type { Trade } from "../../festival/state.ts";
import type { KindResult } from "../../inference/kinds/kind.ts";
import { sizeOutput } from "../../inference/kinds/size.ts";
import { priceOfSwap } from "../../market/price.ts";
import type { Side } from "../../market/swap.ts";
import { usedOutput, type WorkContext } from "./context.ts";
import { riskOutput } from "./risk.ts";

/** Output of `trade`: how it ended; amounts and ids where something moved, the reason where nothing did. */
export const tradeOutput = z.object({
  outcome: z.enum(["settled", "failed", "held"]),
  reason: z.optional(text),
  side: z.optional(side),
  hbar: z.optional(amount),
  tokens: z.optional(amount),
  price_micro_usd: z.optional(amount),
  schedule_id: z.optional(scheduleId),
  transaction: z.optional(transactionId),
  executed: z.optional(timestamp),
});

/** What a trade task is to do: ask for a quote, or say that there is nothing to trade. */
export type TradeIntent =
  | { readonly kind: "trade"; readonly side: Side; readonly hbar: bigint }
  | { readonly kind: "done"; readonly result: KindResult };

/** What is to be done next for the trade of `uses.size`, if `uses.risk` approved it. */
export function tradeIntent(context: WorkContext): TradeIntent {
  const { trade } = context.task;
  if (trade !== null) return { kind: "done", result: describeTrade(trade) };
  const sized = usedOutput(context, "size", sizeOutput);
  const risk = usedOutput(context, "risk", riskOutput);
  if (sized.action === "hold") return { kind: "done", result: held(sized.reason) };
  if (!risk.approved) {
    const failed = risk.checks.filter(({ passed }) => !passed).map(({ name }) => name);
    return { kind: "done", result: held(`risk check: ${failed.join(", ")}`) };
  }
  return { kind: "trade", side: sized.action, hbar: sized.hbar };
}

/** What a quote that the fund does not take is refused with, before anything is scheduled. */
export const NOT_ACCEPTABLE = "the quote is not acceptable";

/** The result of a trade task whose trade has ended. A quote that the fund did not take is a hold. */
export function describeTrade(trade: Trade): KindResult {
  if (trade.stage === "failed" && trade.schedule === null && trade.reason?.startsWith(NOT_ACCEPTABLE)) {
    return held(trade.reason);
  }
  if (
    trade.stage !== "settled" ||
    trade.transaction === null ||
    trade.schedule === null ||
    trade.executed === null
  ) {
    const output = z.encode(tradeOutput, { outcome: "failed", reason: trade.reason ?? "it did not execute" });
    return { output, metrics: { outcome: "failed" } };
  }
  const { side: way, hbar, tokens, schedule, transaction, executed } = trade;
  const output = z.encode(tradeOutput, {
    outcome: "settled",
    side: way,
    hbar,
    tokens,
    price_micro_usd: priceOfSwap(hbar, tokens),
    schedule_id: schedule,
    transaction,
    executed,
  });
  return { output, metrics: { outcome: "settled" } };
}

function held(reason: string): KindResult {
  const output = z.encode(tradeOutput, { outcome: "held", reason: reason.slice(0, 200) });
  return { output, metrics: { outcome: "held" } };
}
