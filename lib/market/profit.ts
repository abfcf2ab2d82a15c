/** Profit and loss of the fund, in whole micro-USD, from what the ledger moved. */
import type { Tinybar } from "../hedera/amount.ts";
import { bookingsOf, type Deposit, type ExecutedSwap, type FundHistory, type Opening } from "./booking.ts";
import { Books, invalidSwap } from "./books.ts";
import { type Drawdowns, drawdownsOf } from "./drawdown.ts";
import { BPS, hbarValue, type MicroUsd } from "./price.ts";
import type { Holdings } from "./risk.ts";
import { divideCeil, sum } from "./rounding.ts";
import type { SwapAmounts } from "./swap.ts";

/** What a period's profit is computed from. */
export interface ProfitInputs extends FundHistory {
  /** What the network charged for it all (schedules, signatures, entries). */
  readonly networkFees: Tinybar;
  /** The venue's fee on what enters it. */
  readonly feeBps: bigint;
}

/**
 * Profit and loss of a period. `realised + unrealised` is exactly the fund's gain
 * in value, deposits aside; network fees are apart, as others pay them.
 */
export interface Profit {
  readonly trades: number;
  /** Sales, and those of them that brought more than what was sold had cost. */
  readonly sales: number;
  readonly wins: number;
  /** The fund at the end. */
  readonly inventory: Holdings;
  /** What sales brought beyond the cost of what was sold. */
  readonly realised: MicroUsd;
  /** What the HBAR still held is worth beyond its cost. */
  readonly unrealised: MicroUsd;
  /** Tokens that changed hands. */
  readonly turnover: MicroUsd;
  /** The venue's fee that the prices contained, each rounded up. */
  readonly venueFees: MicroUsd;
  readonly networkFees: Tinybar;
  /** The network's fees at the end's price, rounded up. */
  readonly networkFeesValue: MicroUsd;
  /** Realised and unrealised profit after the network's fees. */
  readonly net: MicroUsd;
  /** What the opening balance and the deposits would have gained untouched. */
  readonly untouched: MicroUsd;
  /** What the swaps alone gained: what the fund would lack without them, before network fees. */
  readonly trading: MicroUsd;
  /** The desk's result of the same swaps: what one side gains the other loses. */
  readonly desk: MicroUsd;
  readonly drawdown: Drawdowns;
  /** Whether realised profit exceeds the network's fees. */
  readonly selfSustaining: boolean;
}

/**
 * Computes a period's profit.
 *
 * @throws FestError `PROFIT_SWAP_INVALID` if a swap is empty, out of order, or of more than the fund held
 */
export function profitOf(inputs: ProfitInputs): Profit {
  const { opening, swaps, price, feeBps, networkFees, deposits = [] } = inputs;
  for (const [index, swap] of swaps.entries()) checkSwap(swap, swaps[index - 1]);
  const books = new Books(opening);
  for (const event of bookingsOf(swaps, deposits)) books.book(event);
  const { inventory, realised, sales, wins } = books;
  const cost = books.cost;
  const unrealised = hbarValue(inventory.hbar, price) - cost;
  const networkFeesValue = -hbarValue(-networkFees, price);
  const untouched = untouchedGain(opening, deposits, price);
  const trading = realised + unrealised - untouched;
  return {
    trades: swaps.length,
    sales,
    wins,
    inventory,
    realised,
    unrealised,
    turnover: sum(swaps.map((swap) => swap.tokens)),
    venueFees: sum(swaps.map((swap) => venueFee(swap, feeBps))),
    networkFees,
    networkFeesValue,
    net: realised + unrealised - networkFeesValue,
    untouched,
    trading,
    desk: -trading,
    drawdown: drawdownsOf(inputs),
    selfSustaining: realised > networkFeesValue,
  };
}

/**
 * The venue's fee within a swap, at the swap's own price, rounded up. On a
 * purchase it is a part of the tokens paid. On a sale it is a part of the HBAR
 * given, and the tokens received are what the rest of it brought.
 */
export function venueFee(swap: Pick<SwapAmounts, "side" | "tokens">, feeBps: bigint): MicroUsd {
  return swap.side === "buy"
    ? divideCeil(swap.tokens * feeBps, BPS)
    : divideCeil(swap.tokens * feeBps, BPS - feeBps);
}

function untouchedGain(opening: Opening, deposits: readonly Deposit[], price: MicroUsd): MicroUsd {
  const gains = [opening, ...deposits].map(
    ({ hbar, price: before }) => hbarValue(hbar, price) - hbarValue(hbar, before),
  );
  return sum(gains);
}

function checkSwap(swap: ExecutedSwap, before: ExecutedSwap | undefined): void {
  if (swap.hbar <= 0n || swap.tokens <= 0n) throw invalidSwap(swap, "moves nothing");
  if (before !== undefined && swap.at <= before.at)
    throw invalidSwap(swap, "is not after the swap before it");
}
