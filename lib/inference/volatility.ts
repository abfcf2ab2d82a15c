/**
 * Volatility of hourly logarithmic returns, about a mean of zero: an hour's
 * mean return is far below what a week can measure.
 */
import { mean } from "./exact-math.ts";
import { logReturns, type RateSeries } from "./rate-series.ts";

/** Weight of the past in the moving average: RiskMetrics' 0.94, a half-life of 11 hours. */
export const EWMA_LAMBDA = 0.94;
/** Hours in a year of 365 days; HBAR trades at all of them. */
export const HOURS_PER_YEAR = 8_760;

/** Variances of one hour's logarithmic return. */
export interface HourlyVariance {
  /** The plain mean of squared returns. */
  readonly plain: number;
  /** The exponentially weighted one: today counts most. */
  readonly ewma: number;
}

/**
 * Both variances of returns, oldest first. The moving average starts from the
 * plain one: `v = lambda v + (1 - lambda) r^2`.
 *
 * @throws FestError `NUMBER_INVALID` if there are no returns
 */
export function varianceOf(returns: readonly number[]): HourlyVariance {
  const plain = mean(returns.map((r) => r * r));
  const ewma = returns.reduce((v, r) => EWMA_LAMBDA * v + (1 - EWMA_LAMBDA) * r * r, plain);
  return { plain, ewma };
}

/** Standard deviations of logarithmic returns, as fractions: 0.01 is one percent. */
export interface Volatility {
  readonly hourlyEwma: number;
  readonly annualEwma: number;
  readonly hourlyPlain: number;
  readonly annualPlain: number;
}

/** The volatility of a series of rates. */
export function volatilityOf(series: RateSeries): Volatility {
  return volatilityOfReturns(logReturns(series));
}

/**
 * The volatility of hourly returns: an hour's, and a year's, which is an hour's
 * times the square root of {@link HOURS_PER_YEAR}.
 *
 * @throws FestError `NUMBER_INVALID` if there are none
 */
export function volatilityOfReturns(returns: readonly number[]): Volatility {
  const { plain, ewma } = varianceOf(returns);
  return {
    hourlyEwma: Math.sqrt(ewma),
    annualEwma: Math.sqrt(ewma * HOURS_PER_YEAR),
    hourlyPlain: Math.sqrt(plain),
    annualPlain: Math.sqrt(plain * HOURS_PER_YEAR),
  };
}
