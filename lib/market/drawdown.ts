/** How far the fund fell from a peak. */
import type { Timestamp } from "../hedera/timestamp.ts";
import { bookingsOf, type Deposit, type ExecutedSwap, type FundHistory, type Opening } from "./booking.ts";
import { BPS, hbarValue, type MicroUsd } from "./price.ts";
import { afterSwap, type Holdings } from "./risk.ts";
import { divideCeil } from "./rounding.ts";

/** The largest falls from a peak, in basis points of the fund's value at the peak, rounded up. */
export interface Drawdowns {
  /** Of the fund's value, whatever made it fall. */
  readonly value: bigint;
  /** Of what trading gained: how far it fell behind holding. Only this can a halt put an end to. */
  readonly trading: bigint;
}

/**
 * The fund's drawdowns since `since`, valued at each swap, each deposit and the
 * end. A deposit lifts peak and value alike.
 */
export function drawdownsOf(
  { opening, swaps, deposits = [], price }: FundHistory,
  since: Timestamp = 0n,
): Drawdowns {
  const meter = new DrawdownMeter(opening);
  for (const event of bookingsOf(swaps, deposits)) {
    if (event.kind === "swap") meter.swapped(event.swap);
    else meter.received(event.deposit);
    if (event.at < since) meter.restart();
  }
  return meter.at(price);
}

/** Measures drawdowns while the fund trades. */
export class DrawdownMeter {
  #fund: Holdings;
  #held: Holdings;
  #price: MicroUsd;
  #value = new Fall();
  #trading = new Fall();

  constructor(opening: Opening) {
    this.#fund = opening;
    this.#held = opening;
    this.#price = opening.price;
    this.#look();
  }

  swapped(swap: ExecutedSwap): void {
    this.#fund = afterSwap(this.#fund, swap);
    this.#price = swap.price;
    this.#look();
  }

  received(deposit: Deposit): void {
    this.#fund = plus(this.#fund, deposit);
    this.#held = plus(this.#held, deposit);
    this.#price = deposit.price;
    this.#value.lift(valueAt(deposit, deposit.price));
    this.#look();
  }

  /** Forgets what was, and begins with what is. */
  restart(): void {
    this.#value = new Fall();
    this.#trading = new Fall();
    this.#look();
  }

  /** The drawdowns up to a moment at which HBAR has this price. */
  at(price: MicroUsd): Drawdowns {
    this.#price = price;
    this.#look();
    return { value: this.#value.worstBps, trading: this.#trading.worstBps };
  }

  #look(): void {
    const [now, untouched] = [valueAt(this.#fund, this.#price), valueAt(this.#held, this.#price)];
    this.#value.look(now, now);
    this.#trading.look(now - untouched, untouched);
  }
}

/** The largest fall of a figure from its peak. */
class Fall {
  worstBps = 0n;
  #peak: MicroUsd | null = null;
  #base: MicroUsd = 0n;

  /** @param base what the fund is worth at the same time */
  look(figure: MicroUsd, base: MicroUsd): void {
    if (this.#peak === null || figure >= this.#peak) {
      this.#peak = figure;
      this.#base = base;
    } else if (this.#base > 0n) {
      const fall = divideCeil((this.#peak - figure) * BPS, this.#base);
      if (fall > this.worstBps) this.worstBps = fall;
    }
  }

  lift(by: MicroUsd): void {
    if (this.#peak !== null) this.#peak += by;
    this.#base += by;
  }
}

function plus(fund: Holdings, { hbar, tokens }: Holdings): Holdings {
  return { hbar: fund.hbar + hbar, tokens: fund.tokens + tokens };
}

function valueAt({ hbar, tokens }: Holdings, price: MicroUsd): MicroUsd {
  return hbarValue(hbar, price) + tokens;
}
