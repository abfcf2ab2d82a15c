/**
 * Profit and loss of the fund, in whole micro-USD, from what the ledger moved.
 * First in, first out; the opening balance is the first lot.
 */
import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import { FestError } from "../hedera/error.ts";
import { formatTimestamp, type Timestamp } from "../hedera/timestamp.ts";
import { BPS, hbarValue, type MicroUsd } from "./price.ts";
import type { Holdings } from "./risk.ts";
import { divideCeil, divideFloor, smaller } from "./rounding.ts";
import type { Side } from "./swap.ts";

/** A swap as the ledger executed it, from the fund's side. */
export interface ExecutedSwap {
  /** Consensus time of the transfer. */
  readonly at: Timestamp;
  readonly side: Side;
  readonly hbar: Tinybar;
  readonly tokens: TokenUnits;
  /** What the network charged for it in all (schedule, signatures, entries), whoever of us paid. */
  readonly networkFee: Tinybar;
}

/** What a period's profit is computed from. */
export interface ProfitInputs {
  /** The fund before the first swap, and the price at which its HBAR counts as bought. */
  readonly opening: Holdings & { readonly price: MicroUsd };
  /** In order of consensus time. */
  readonly swaps: readonly ExecutedSwap[];
  /** The network's price of one HBAR at the end. */
  readonly price: MicroUsd;
  /** The venue's fee on what enters it. */
  readonly feeBps: bigint;
}

/**
 * Profit and loss of a period. `realised + unrealised` is exactly the fund's gain
 * in value; network fees are apart, as others pay them.
 */
export interface Profit {
  readonly trades: number;
  /** The fund after the last swap. */
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
  /** What the opening balance would have gained untouched. */
  readonly untouched: MicroUsd;
  /** Whether realised profit exceeds the network's fees. */
  readonly selfSustaining: boolean;
}

interface Lot {
  readonly hbar: Tinybar;
  readonly cost: MicroUsd;
}

/**
 * Computes a period's profit.
 *
 * @throws FestError `PROFIT_SWAP_INVALID` if a swap is empty, out of order, or of more than the fund held
 */
export function profitOf({ opening, swaps, price, feeBps }: ProfitInputs): Profit {
  let lots: readonly Lot[] = [{ hbar: opening.hbar, cost: hbarValue(opening.hbar, opening.price) }];
  let tokens = opening.tokens;
  let realised = 0n;
  for (const [index, swap] of swaps.entries()) {
    checkSwap(swap, swaps[index - 1]);
    if (swap.side === "buy") {
      lots = [...lots, { hbar: swap.hbar, cost: swap.tokens }];
      tokens -= swap.tokens;
    } else {
      const sold = sell(lots, swap);
      lots = sold.left;
      realised += swap.tokens - sold.cost;
      tokens += swap.tokens;
    }
    if (tokens < 0n) throw invalid(swap, "pays more tokens than the fund held");
  }
  const hbar = sum(lots.map((lot) => lot.hbar));
  const unrealised = hbarValue(hbar, price) - sum(lots.map((lot) => lot.cost));
  const networkFees = sum(swaps.map((swap) => swap.networkFee));
  const networkFeesValue = -hbarValue(-networkFees, price);
  return {
    trades: swaps.length,
    inventory: { hbar, tokens },
    realised,
    unrealised,
    turnover: sum(swaps.map((swap) => swap.tokens)),
    venueFees: sum(swaps.map((swap) => venueFee(swap, feeBps))),
    networkFees,
    networkFeesValue,
    net: realised + unrealised - networkFeesValue,
    untouched: hbarValue(opening.hbar, price) - hbarValue(opening.hbar, opening.price),
    selfSustaining: realised > networkFeesValue,
  };
}

/**
 * The venue's fee within a swap, at the swap's own price, rounded up. On a
 * purchase it is a part of the tokens paid. On a sale it is a part of the HBAR
 * given, and the tokens received are what the rest of it brought.
 */
export function venueFee(swap: { side: Side; tokens: TokenUnits }, feeBps: bigint): MicroUsd {
  return swap.side === "buy"
    ? divideCeil(swap.tokens * feeBps, BPS)
    : divideCeil(swap.tokens * feeBps, BPS - feeBps);
}

function sell(lots: readonly Lot[], swap: ExecutedSwap): { left: readonly Lot[]; cost: MicroUsd } {
  let open = swap.hbar;
  let cost = 0n;
  const left: Lot[] = [];
  for (const lot of lots) {
    const take = smaller(open, lot.hbar);
    const part = take === lot.hbar ? lot.cost : divideFloor(lot.cost * take, lot.hbar);
    open -= take;
    cost += part;
    if (take < lot.hbar) left.push({ hbar: lot.hbar - take, cost: lot.cost - part });
  }
  if (open > 0n) throw invalid(swap, "sells more HBAR than the fund held");
  return { left, cost };
}

function checkSwap(swap: ExecutedSwap, before: ExecutedSwap | undefined): void {
  if (swap.hbar <= 0n || swap.tokens <= 0n || swap.networkFee < 0n) throw invalid(swap, "moves nothing");
  if (before !== undefined && swap.at <= before.at) throw invalid(swap, "is not after the swap before it");
}

function invalid(swap: ExecutedSwap, what: string): FestError {
  return new FestError("PROFIT_SWAP_INVALID", `the ${swap.side} at ${formatTimestamp(swap.at)} ${what}`);
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
