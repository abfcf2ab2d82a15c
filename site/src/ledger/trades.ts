import type { TradeRecord } from "../../../lib/festival/proof/trades.ts";
import type { Trade } from "../../../lib/festival/state.ts";
import { HBAR_DECIMALS } from "../../../lib/hedera/amount.ts";

/** Micro-USD for one HBAR at which so much is worth so much, where the market's token is a dollar; null for nothing. */
export function microUsdOf(
  { hbar, tokens }: Pick<Trade, "hbar" | "tokens">,
  decimals: number,
): bigint | null {
  if (hbar === 0n || tokens === 0n) return null;
  return (tokens * 10n ** BigInt(HBAR_DECIMALS + 6)) / (hbar * 10n ** BigInt(decimals));
}

/** What settled trades brought the fund in all: tinybars and token units, below zero for what it gave. */
export function flowOf(settled: readonly TradeRecord[]): { readonly hbar: bigint; readonly tokens: bigint } {
  let hbar = 0n;
  let tokens = 0n;
  for (const { trade } of settled) {
    const sign = trade.side === "buy" ? 1n : -1n;
    hbar += sign * trade.hbar;
    tokens -= sign * trade.tokens;
  }
  return { hbar, tokens };
}
