/** What changes the fund: swaps, and what comes in or leaves without being one. */
import type { Timestamp } from "../hedera/timestamp.ts";
import type { MicroUsd } from "./price.ts";
import type { Holdings } from "./risk.ts";
import type { SwapAmounts } from "./swap.ts";

/** The fund before anything, and the price at which its HBAR counts as bought. */
export interface Opening extends Holdings {
  readonly price: MicroUsd;
}

/** A swap as the ledger executed it, from the fund's side. */
export interface ExecutedSwap extends SwapAmounts {
  /** Consensus time of the transfer. */
  readonly at: Timestamp;
  /** The network's price of one HBAR then: what the fund is valued at on the way. */
  readonly price: MicroUsd;
}

/** What came into the fund (or, negative, left it) and is no swap: a stranger's gift, say. It is no profit. */
export interface Deposit extends Holdings {
  readonly at: Timestamp;
  /** The network's price of one HBAR then: what its HBAR counts as bought for. */
  readonly price: MicroUsd;
}

/** Everything that the fund's figures are computed from. */
export interface FundHistory {
  readonly opening: Opening;
  /** In order of consensus time. */
  readonly swaps: readonly ExecutedSwap[];
  /** In order of consensus time. */
  readonly deposits?: readonly Deposit[];
  /** The network's price of one HBAR at the end. */
  readonly price: MicroUsd;
}

/** Either of the two that change it. */
export type Booking =
  | { readonly kind: "swap"; readonly at: Timestamp; readonly swap: ExecutedSwap }
  | { readonly kind: "deposit"; readonly at: Timestamp; readonly deposit: Deposit };

/** Both together, in order of consensus time; of one time the swap is the first. */
export function bookingsOf(swaps: readonly ExecutedSwap[], deposits: readonly Deposit[]): readonly Booking[] {
  const bookings: readonly Booking[] = [
    ...swaps.map((swap) => ({ kind: "swap" as const, at: swap.at, swap })),
    ...deposits.map((deposit) => ({ kind: "deposit" as const, at: deposit.at, deposit })),
  ];
  return bookings.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
