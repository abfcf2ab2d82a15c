import { TINYBARS_PER_HBAR, type Tinybar, type TokenUnits } from "../hedera/amount.ts";
import { FestError } from "../hedera/error.ts";
import { divideCeil, divideFloor, divideHalfEven, magnitude } from "./rounding.ts";

declare const unit: unique symbol;

/**
 * An amount of US dollars in millionths. The market's stablecoin has six
 * decimals and is worth one dollar by definition, so one of its units is one
 * micro-USD.
 */
export type MicroUsd = bigint & { readonly [unit]?: "micro-usd" };

/** Basis points in a whole. */
export const BPS = 10_000n;
/** Millionths in a whole, the unit of weights and volatilities. */
export const PPM = 1_000_000n;

const MICRO_USD_PER_CENT = 10_000n;

/**
 * The price of one HBAR in micro-USD from the network's exchange rate
 * (`ExchangeRate` in exchange_rate.proto: so many cents for so many HBAR),
 * rounded to the nearest, halves to even.
 *
 * @throws FestError `RATE_INVALID` if either side isn't a positive whole number
 */
export function priceOfRate(centEquivalent: number, hbarEquivalent: number): MicroUsd {
  if (!isPositiveWhole(centEquivalent) || !isPositiveWhole(hbarEquivalent)) {
    throw new FestError("RATE_INVALID", `${centEquivalent} cents for ${hbarEquivalent} HBAR is not a rate`);
  }
  return divideHalfEven(BigInt(centEquivalent) * MICRO_USD_PER_CENT, BigInt(hbarEquivalent));
}

/** The average price of one HBAR in a swap, in micro-USD, halves to even. `hbar` must be positive. */
export function priceOfSwap(hbar: Tinybar, tokens: TokenUnits): MicroUsd {
  return divideHalfEven(tokens * TINYBARS_PER_HBAR, hbar);
}

/** What tinybars (negative ones too) are worth at `price`, in micro-USD, rounded down. */
export function hbarValue(hbar: Tinybar, price: MicroUsd): MicroUsd {
  return divideFloor(hbar * price, TINYBARS_PER_HBAR);
}

/** How many tinybars `value` buys at `price`, rounded down. `price` must be positive. */
export function tinybarsFor(value: MicroUsd, price: MicroUsd): Tinybar {
  return divideFloor(value * TINYBARS_PER_HBAR, price);
}

/** How far the swap's price is from `reference`, either way, in basis points of the reference, rounded up. */
export function deviationBps(hbar: Tinybar, tokens: TokenUnits, reference: MicroUsd): bigint {
  const at = hbar * reference;
  return divideCeil(magnitude(tokens * TINYBARS_PER_HBAR - at) * BPS, at);
}

/**
 * A share or volatility given as a fraction (0.3 is 30%) in whole millionths, to the nearest.
 *
 * @throws FestError `FRACTION_INVALID` if it is negative or not finite
 */
export function ppmOf(fraction: number): bigint {
  if (!Number.isFinite(fraction) || fraction < 0) {
    throw new FestError("FRACTION_INVALID", `${fraction} is not a fraction from 0 on`);
  }
  return BigInt(Math.round(fraction * 1_000_000));
}

function isPositiveWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
