/** A figure that was read many times while something ran. */
export interface Growth {
  /** Median of the readings' second tenth: the first one is warming up. */
  readonly early: number;
  /** Median of their last tenth. */
  readonly late: number;
  readonly highest: number;
  /** (late - early) / early */
  readonly growth: number;
}

/** How a figure grew over its readings, which are in order; null with fewer than ten. */
export function growthOf(readings: readonly number[]): Growth | null {
  const tenth = Math.floor(readings.length / 10);
  if (tenth === 0) return null;
  const early = middle(readings.slice(tenth, 2 * tenth));
  const late = middle(readings.slice(-tenth));
  return { early, late, highest: Math.max(...readings), growth: (late - early) / early };
}

/** The upper median; NaN of nothing. */
export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
