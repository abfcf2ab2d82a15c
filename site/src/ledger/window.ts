/** Which rows of a long list to draw. */
export interface RowWindow {
  /** Index of the first row. */
  readonly from: number;
  /** Index after the last. */
  readonly to: number;
}

/** Rows that are drawn above and below what can be seen, so that scrolling never shows a gap. */
const SPARE = 8;

/** The rows in view of a list that is scrolled by `top` pixels, and a few around them. */
export function rowsInView(top: number, height: number, rowHeight: number, count: number): RowWindow {
  const first = Math.floor(Math.max(0, top) / rowHeight);
  const seen = Math.ceil(height / rowHeight) + 1;
  const from = Math.max(0, Math.min(first - SPARE, count - seen - SPARE));
  return { from, to: Math.min(count, first + seen + SPARE) };
}
