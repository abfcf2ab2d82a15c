/** Where values stand in a drawing. */

/** The least and the most that a drawing holds: of its values, and a tenth of their range around them. */
export interface Axis {
  readonly from: bigint;
  readonly to: bigint;
}

/** The axis that holds all of some values. */
export function axisOf(values: readonly bigint[]): Axis {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : 1));
  const [least = 0n] = sorted;
  const most = sorted.at(-1) ?? least;
  const tenth = (most - least) / 10n;
  const spare = tenth === 0n ? 1n : tenth;
  return { from: least - spare, to: most + spare };
}

/** A value's place on a line so long, to a tenth. */
export function placeOn({ from, to }: Axis, value: bigint, length: number): number {
  return Number(((value - from) * BigInt(length * 10)) / (to - from)) / 10;
}
