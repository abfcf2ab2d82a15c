/**
 * Logarithm, exponential and rounding that give the same bits on every machine.
 *
 * ECMAScript leaves the last digit of `Math.log` and `Math.exp` to the engine.
 * These use only `+ - * /` on doubles, which IEEE 754 fixes to the bit, in a
 * fixed order. `Math.sqrt` is IEEE's correctly rounded square root in every
 * engine and is used as it is.
 */
import { FestError } from "../hedera/error.ts";

const { LN2, SQRT2 } = Math;
/** Digits that a published statistic keeps. */
const SIGNIFICANT_DIGITS = 6;

/**
 * The natural logarithm of a positive finite number, to about one unit in the last place.
 *
 * @throws FestError `NUMBER_INVALID`
 */
export function ln(x: number): number {
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) throw notA("positive number", x);
  let mantissa = x;
  let exponent = 0;
  while (mantissa > SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  while (mantissa < SQRT2 / 2) {
    mantissa *= 2;
    exponent -= 1;
  }
  // ln(m) = 2 artanh(t) with t = (m-1)/(m+1), |t| < 0.172: each term is at most 3% of the last.
  const t = (mantissa - 1) / (mantissa + 1);
  const square = t * t;
  let power = t;
  let sum = 0;
  for (let k = 1; k <= 23; k += 2) {
    sum += power / k;
    power *= square;
  }
  return exponent * LN2 + 2 * sum;
}

/** The exponential of a number from -700 to 700, to a few units in the last place. @throws FestError `NUMBER_INVALID` */
export function exp(x: number): number {
  if (!(x >= -700 && x <= 700)) throw notA("number from -700 to 700", x);
  const exponent = Math.round(x / LN2);
  const rest = x - exponent * LN2;
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= 18; k += 1) {
    term *= rest / k;
    sum += term;
  }
  const factor = exponent < 0 ? 0.5 : 2;
  for (let i = Math.abs(exponent); i > 0; i -= 1) sum *= factor;
  return sum;
}

/**
 * A statistic as it is published: rounded to six significant digits.
 * ECMAScript defines `toPrecision` exactly, and JSON writes the shortest text
 * that reads back, so equal doubles give equal bytes.
 *
 * @throws FestError `NUMBER_INVALID` if it isn't finite
 */
export function rounded(x: number): number {
  if (!Number.isFinite(x)) throw notA("finite number", x);
  return Number(x.toPrecision(SIGNIFICANT_DIGITS)) + 0;
}

/** The arithmetic mean, summed from the first to the last. @throws FestError `NUMBER_INVALID` if there are none */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new FestError("NUMBER_INVALID", "nothing has no mean");
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Each value less the one before it: one fewer than there are values. */
export function differences(values: readonly number[]): number[] {
  return values.flatMap((value, index) => {
    const before = values[index - 1];
    return before === undefined ? [] : [value - before];
  });
}

function notA(what: string, x: number): FestError {
  return new FestError("NUMBER_INVALID", `${x} is not a ${what}`);
}
