/**
 * GARCH(1,1) of hourly logarithmic returns, about a mean of zero: an hour's
 * variance is a part of the plain one, of the last return's square and of the
 * last hour's variance,
 *
 *   v(t) = (1 - alpha - beta) x plain + alpha x r(t-1)^2 + beta x v(t-1)
 *
 * so that its long run is the plain variance ("variance targeting"), and two
 * numbers remain to be fitted, by the normal likelihood. They are searched with
 * `+ - * /` and {@link ln} alone, in a fixed order: the libraries for this use
 * `Math.log`, whose last digit differs between machines, or are kept by nobody.
 */
import { ln, mean } from "./exact-math.ts";

/** A fitted model; all variances are of one hour. */
export interface Garch {
  /** How much of a shock the next hour keeps. */
  readonly alpha: number;
  /** How much of an hour's variance the next hour keeps. */
  readonly beta: number;
  readonly plain: number;
  /** Of the hour after the last return. */
  readonly next: number;
}

/** Alpha, and what alpha and beta come to together, in whole {@link UNITS}, so that a step back is exact. */
type Point = readonly [alpha: number, persistence: number];

/** Where the search begins: calm, usual, and jumpy. */
const STARTS: readonly Point[] = [
  [160, 3_040],
  [320, 2_880],
  [960, 2_240],
];
/** How many make one. */
const UNITS = 3_200;
const MOST_ALPHA = 1_920;
/** 0.995; beyond, a shock would hardly ever fade. */
const MOST_PERSISTENCE = 3_184;
const FIRST_STEP = 256;
const LAST_STEP = 4;

/**
 * Fits the model to returns, oldest first. Returns that never move have no
 * dynamics: alpha and beta are 0.
 *
 * @throws FestError `NUMBER_INVALID` if there are no returns
 */
export function fitGarch(returns: readonly number[]): Garch {
  const squares = returns.map((r) => r * r);
  const plain = mean(squares);
  if (plain === 0) return { alpha: 0, beta: 0, plain, next: 0 };
  let best: Point = [0, 0];
  let least = cost(squares, plain, best);
  for (const start of STARTS) {
    const found = descend(start, (point) => cost(squares, plain, point));
    if (found.cost < least) {
      least = found.cost;
      best = found.point;
    }
  }
  const alpha = best[0] / UNITS;
  const beta = (best[1] - best[0]) / UNITS;
  let next = plain;
  for (const square of squares) next = step(plain, best, square, next);
  return { alpha, beta, plain, next };
}

/** The variance of the i-th hour ahead, i from 1: the departure from the plain one fades by alpha + beta an hour. */
export function varianceAhead({ alpha, beta, plain, next }: Garch, hours: number): number {
  let departure = next - plain;
  for (let hour = 1; hour < hours; hour += 1) departure *= alpha + beta;
  return plain + departure;
}

/** Looks around a point in ever smaller steps. */
function descend(start: Point, costOf: (point: Point) => number): { point: Point; cost: number } {
  let point = start;
  let cost = costOf(point);
  for (let size = FIRST_STEP; size >= LAST_STEP; size /= 2) {
    for (let moved = true; moved; ) {
      moved = false;
      for (const candidate of around(point, size)) {
        const its = costOf(candidate);
        if (its >= cost) continue;
        point = candidate;
        cost = its;
        moved = true;
      }
    }
  }
  return { point, cost };
}

function around([alpha, persistence]: Point, size: number): readonly Point[] {
  const points: Point[] = [
    [alpha + size, persistence],
    [alpha - size, persistence],
    [alpha, persistence + size],
    [alpha, persistence - size],
  ];
  return points.filter(([a, p]) => a >= 0 && a <= MOST_ALPHA && p >= a && p <= MOST_PERSISTENCE);
}

/** Twice the negative logarithm of the likelihood, but for a constant. */
function cost(squares: readonly number[], plain: number, point: Point): number {
  let variance = plain;
  let sum = 0;
  for (const square of squares) {
    sum += ln(variance) + square / variance;
    variance = step(plain, point, square, variance);
  }
  return sum;
}

function step(plain: number, [alpha, persistence]: Point, square: number, variance: number): number {
  const rest = UNITS - persistence;
  return (rest * plain + alpha * square + (persistence - alpha) * variance) / UNITS;
}
