import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import { FestError } from "../hedera/error.ts";
import { formatTimestamp } from "../hedera/timestamp.ts";
import type { Booking, Deposit, ExecutedSwap, Opening } from "./booking.ts";
import { hbarValue, type MicroUsd } from "./price.ts";
import type { Holdings } from "./risk.ts";
import { divideFloor, smaller, sum } from "./rounding.ts";

interface Lot {
  readonly hbar: Tinybar;
  readonly cost: MicroUsd;
}

/** The fund's lots, oldest first, and what sales of them brought. */
export class Books {
  realised: MicroUsd = 0n;
  sales = 0;
  wins = 0;
  #tokens: TokenUnits;
  /** Lots before this one are sold out. */
  #first = 0;
  readonly #lots: Lot[];

  constructor({ hbar, tokens, price }: Opening) {
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

  /** @throws FestError `PROFIT_SWAP_INVALID` if a swap is of more than the fund held */
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
      if (this.#tokens < 0n) throw invalidSwap(swap, "pays more tokens than the fund held");
      return;
    }
    const cost = this.#take(swap.hbar);
    if (cost === null) throw invalidSwap(swap, "sells more HBAR than the fund held");
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

/** A swap that cannot have been. */
export function invalidSwap(swap: ExecutedSwap, what: string): FestError {
  return new FestError("PROFIT_SWAP_INVALID", `the ${swap.side} at ${formatTimestamp(swap.at)} ${what}`);
}
