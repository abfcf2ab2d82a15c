import { FestError } from "../hedera/error.ts";
import { type RateSeries, rateSeries } from "./rate-series.ts";

/** The first line of a file of rates. */
export const RATE_CSV_HEADER = "hour_start_timestamp,cent_equivalent,hbar_equivalent";

const LINE = /^(\d{1,12}),(\d{1,15}),(\d{1,15})$/;

/**
 * Reads hourly rates from CSV: {@link RATE_CSV_HEADER}, then one line an hour,
 * oldest first, unix seconds and two whole numbers.
 *
 * @throws FestError `RATE_CSV_INVALID`, naming the line, and `RATE_SERIES_INVALID`
 */
export function seriesOfCsv(text: string): RateSeries {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== RATE_CSV_HEADER) {
    throw new FestError("RATE_CSV_INVALID", `the file begins with ${JSON.stringify(header)}`, {
      fix: `Give it the header ${RATE_CSV_HEADER}.`,
    });
  }
  return rateSeries(
    lines.map((line, index) => {
      const [, hourStart, centEquivalent, hbarEquivalent] = LINE.exec(line) ?? [];
      if (hourStart === undefined) {
        throw new FestError(
          "RATE_CSV_INVALID",
          `line ${index + 2} is ${JSON.stringify(line)}, not three whole numbers`,
        );
      }
      return {
        hourStart: Number(hourStart),
        centEquivalent: Number(centEquivalent),
        hbarEquivalent: Number(hbarEquivalent),
      };
    }),
  );
}
