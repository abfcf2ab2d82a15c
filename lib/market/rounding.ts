import { FestError } from "../hedera/error.ts";

/**
 * `numerator / denominator` rounded down, towards minus infinity.
 *
 * @throws FestError `DIVISOR_INVALID` unless the denominator is positive
 */
export function divideFloor(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) {
    throw new FestError("DIVISOR_INVALID", `${numerator} cannot be divided by ${denominator}`);
  }
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

/** `numerator / denominator` rounded up, towards plus infinity. @throws FestError `DIVISOR_INVALID` */
export function divideCeil(numerator: bigint, denominator: bigint): bigint {
  return -divideFloor(-numerator, denominator);
}

/** `numerator / denominator` rounded to the nearest, halves to the even neighbour. @throws FestError `DIVISOR_INVALID` */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const floor = divideFloor(numerator, denominator);
  const twice = 2n * (numerator - floor * denominator);
  if (twice === denominator) return floor % 2n === 0n ? floor : floor + 1n;
  return twice > denominator ? floor + 1n : floor;
}

/** The smaller of two integers. */
export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger of two integers. */
export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** An integer without its sign. */
export function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/**
 * The whole part of a square root, by Newton's method.
 *
 * @throws FestError `ROOT_INVALID` if `value` is negative
 */
export function squareRootFloor(value: bigint): bigint {
  if (value < 0n) throw new FestError("ROOT_INVALID", `${value} has no square root`);
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The sum of some amounts. */
export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
