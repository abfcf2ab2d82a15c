/**
 * Profit and loss of the fund, in whole micro-USD, from what the ledger moved.
 * First in, first out; the opening balance is the first lot.
 */
import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import { FestError } from "../hedera/error.ts";
import { formatTimestamp, type Timestamp } from "../hedera/timestamp.ts";
import { BPS, hbarValue, type MicroUsd } from "./price.ts";
import { afterSwap, type Holdings } from "./risk.ts";
import { divideCeil, divideFloor, smaller } from "./rounding.ts";
import type { SwapAmounts } from "./swap.ts";

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

/** What a period's profit is computed from. */
export interface ProfitInputs {
  /** The fund before the first swap, and the price at which its HBAR counts as bought. */
  readonly opening: Holdings & { readonly price: MicroUsd };
  /** In order of consensus time. */
  readonly swaps: readonly ExecutedSwap[];
  /** In order of consensus time. */
  readonly deposits?: readonly Deposit[];
  /** What the network charged for it all (schedules, signatures, entries). */
  readonly networkFees: Tinybar;
  /** The network's price of one HBAR at the end. */
  readonly price: MicroUsd;
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

interface Lot {
  readonly hbar: Tinybar;
  readonly cost: MicroUsd;
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
  for (const event of inOrder(swaps, deposits)) books.book(event);
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
  { opening, swaps, deposits = [], price }: Omit<ProfitInputs, "feeBps" | "networkFees">,
  since: Timestamp = 0n,
): Drawdowns {
  const meter = new DrawdownMeter(opening);
  for (const event of inOrder(swaps, deposits)) {
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

  constructor(opening: ProfitInputs["opening"]) {
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

type Booking =
  | { readonly kind: "swap"; readonly at: Timestamp; readonly swap: ExecutedSwap }
  | { readonly kind: "deposit"; readonly at: Timestamp; readonly deposit: Deposit };

function inOrder(swaps: readonly ExecutedSwap[], deposits: readonly Deposit[]): readonly Booking[] {
  const bookings: readonly Booking[] = [
    ...swaps.map((swap) => ({ kind: "swap" as const, at: swap.at, swap })),
    ...deposits.map((deposit) => ({ kind: "deposit" as const, at: deposit.at, deposit })),
  ];
  return bookings.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The fund's lots, oldest first, and what sales of them brought. */
class Books {
  realised: MicroUsd = 0n;
  sales = 0;
  wins = 0;
  #tokens: TokenUnits;
  /** Lots before this one are sold out. */
  #first = 0;
  readonly #lots: Lot[];

  constructor({ hbar, tokens, price }: ProfitInputs["opening"]) {
    this.#tokens = tokens;
    this.#lots = [{ hbar, cost: hbarValue(hbar, price) }];
  }

  get inventory(): Holdings {
    return { hbar: sum(this.#open.map(({ hbar }) => hbar)), tokens: this.#tokens };
  }

  /** What the HBAR still held had cost. */
  get cost(): MicroUsd {
    return sum(this.#open.map(({ cost }) => cost));
  }

  book(booking: Booking): void {
    if (booking.kind === "swap") this.#swap(booking.swap);
    else this.#deposit(booking.deposit);
  }

  get #open(): readonly Lot[] {
    return this.#lots.slice(this.#first);
  }

  #swap(swap: ExecutedSwap): void {
    if (swap.side === "buy") {
      this.#lots.push({ hbar: swap.hbar, cost: swap.tokens });
      this.#tokens -= swap.tokens;
      if (this.#tokens < 0n) throw invalid(swap, "pays more tokens than the fund held");
      return;
    }
    const cost = this.#take(swap.hbar);
    if (cost === null) throw invalid(swap, "sells more HBAR than the fund held");
    this.#tokens += swap.tokens;
    this.realised += swap.tokens - cost;
    this.sales += 1;
    if (swap.tokens > cost) this.wins += 1;
  }

  /** Comes in at its price of that time; leaves at cost, as if it had never been there. */
  #deposit({ hbar, tokens, price }: Deposit): void {
    this.#tokens += tokens;
    if (hbar > 0n) this.#lots.push({ hbar, cost: hbarValue(hbar, price) });
    if (hbar < 0n) this.#take(-hbar);
  }

  /** Takes HBAR from the oldest lots; its cost, or null if there is not so much. */
  #take(hbar: Tinybar): MicroUsd | null {
    let open = hbar;
    let cost = 0n;
    while (open > 0n) {
      const lot = this.#lots[this.#first];
      if (lot === undefined) return null;
      const take = smaller(open, lot.hbar);
      const part = take === lot.hbar ? lot.cost : divideFloor(lot.cost * take, lot.hbar);
      open -= take;
      cost += part;
      if (take === lot.hbar) this.#first += 1;
      else this.#lots[this.#first] = { hbar: lot.hbar - take, cost: lot.cost - part };
    }
    return cost;
  }
}

function untouchedGain(
  opening: ProfitInputs["opening"],
  deposits: readonly Deposit[],
  price: MicroUsd,
): MicroUsd {
  const gains = [opening, ...deposits].map(
    ({ hbar, price: before }) => hbarValue(hbar, price) - hbarValue(hbar, before),
  );
  return sum(gains);
}

function plus(fund: Holdings, { hbar, tokens }: Holdings): Holdings {
  return { hbar: fund.hbar + hbar, tokens: fund.tokens + tokens };
}

function valueAt({ hbar, tokens }: Holdings, price: MicroUsd): MicroUsd {
  return hbarValue(hbar, price) + tokens;
}

function checkSwap(swap: ExecutedSwap, before: ExecutedSwap | undefined): void {
  if (swap.hbar <= 0n || swap.tokens <= 0n) throw invalid(swap, "moves nothing");
  if (before !== undefined && swap.at <= before.at) throw invalid(swap, "is not after the swap before it");
}

function invalid(swap: ExecutedSwap, what: string): FestError {
  return new FestError("PROFIT_SWAP_INVALID", `the ${swap.side} at ${formatTimestamp(swap.at)} ${what}`);
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
