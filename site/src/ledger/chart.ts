/** A range that values are drawn in. */
export interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** The least range that holds all values, with a tenth of its length around it; null for no values. */
export function rangeOf(values: readonly bigint[]): Range | null {
  const [first] = values;
  if (first === undefined) return null;
  let from = first;
  let to = first;
  for (const value of values) {
    if (value < from) from = value;
    if (value > to) to = value;
  }
  const spare = (to - from) / 10n || 1n;
  return { from: from - spare, to: to + spare };
}

/** Where a value lies in a range, on a line of `length` whole pixels. */
export function placeIn({ from, to }: Range, value: bigint, length: number): number {
  return to === from ? length / 2 : Number(((value - from) * BigInt(length) * 10n) / (to - from)) / 10;
}
