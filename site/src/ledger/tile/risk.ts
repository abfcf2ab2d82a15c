import { drawdownOf } from "../../../../lib/festival/alarm/drawdown.ts";
import { DEFAULT_THRESHOLDS } from "../../../../lib/festival/alarm/sight.ts";
import { formatAmount, formatTinybarsShort } from "../../text/amount.ts";
import { plural } from "../../text/count.ts";
import type { LogView } from "../feed.ts";
import { inventoryOf } from "../inventory.ts";
import type { VitalsView } from "../vitals.ts";
import type { Tile } from "./tile.ts";

/** Is the fund within its limits? By what the log last read of it. */
export function riskTile(view: LogView, vitals: VitalsView): Tile {
  const market = view.state.manifest?.market;
  const { edition } = view.state;
  const held = inventoryOf(view.results).at(-1);
  const trades = view.trades.filter((trade) => trade.edition === edition?.number);
  const failed = trades.filter(({ trade }) => trade.stage === "failed");
  const drawdown = drawdownOf(vitals.reports.toReversed())?.bps ?? null;
  const base = {
    alarm: null,
    tone: "idle" as const,
    said: "no market",
    threshold:
      market === undefined
        ? "the manifest names no market"
        : `at most ${formatTinybarsShort(market.limits.max_position)} ℏ held, ${formatTinybarsShort(market.limits.max_trade)} ℏ a trade; ${formatAmount(BigInt(DEFAULT_THRESHOLDS.drawdownBps), 2)}% below its best is an alarm`,
    at: held?.timestamp ?? null,
    action: { text: "Risk verdicts", filter: { type: "", text: "risk_check" } },
    facts: [] as readonly string[],
  };
  if (market === undefined) return base;
  const limit = market.limits.max_position;
  const used = held === undefined || limit === 0n ? null : (held.hbar * 100n) / limit;
  const facts = [
    held === undefined
      ? "inventory not read yet"
      : `${formatTinybarsShort(held.hbar)} ℏ held, ${used ?? "–"}% of the limit`,
    drawdown === null ? "no report yet" : `${formatAmount(BigInt(drawdown), 2)}% below its best`,
    plural(failed.length, "trade failed", "trades failed"),
  ];
  const denied = failed.some(({ trade }) => trade.schedule !== null);
  if (held === undefined) return { ...base, said: "nothing held yet", facts };
  if (held.hbar > limit) return { ...base, facts, alarm: "drawdown", tone: "bad", said: "over its limit" };
  if (drawdown !== null && drawdown >= DEFAULT_THRESHOLDS.drawdownBps)
    return { ...base, facts, alarm: "drawdown", tone: "bad", said: "has lost too much" };
  if (denied) return { ...base, facts, tone: "wait", said: "a trade was denied" };
  if (failed.length > 0)
    return { ...base, facts, tone: "wait", said: plural(failed.length, "trade failed", "trades failed") };
  if (used !== null && used >= 80n) return { ...base, facts, tone: "wait", said: "near its limit" };
  return { ...base, facts, tone: "ok", said: "within limits" };
}
