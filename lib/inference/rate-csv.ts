import { FestError } from "../hedera/error.ts";
import { type HourlyRate, type RateSeries, rateSeries } from "./rate-series.ts";

/** The first line of a file of rates. */
export const RATE_CSV_HEADER = "hour_start_timestamp,cent_equivalent,hbar_equivalent";

const LINE = /^(\d{1,12}),(\d{1,15}),(\d{1,15})$/;

/**
 * Reads hourly rates from CSV: {@link RATE_CSV_HEADER}, then one line an hour,
 * oldest first, unix seconds and two whole numbers.
 *
 * @throws FestError `RATE_CSV_INVALID`, naming the line, and `RATE_SERIES_INVALID` if there are too few
 */
export function seriesOfCsv(text: string): RateSeries {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== RATE_CSV_HEADER) {
    throw new FestError("RATE_CSV_INVALID", `the file begins with ${JSON.stringify(header)}`, {
      fix: `Give it the header ${RATE_CSV_HEADER}.`,
    });
  }
  const rates = lines.map((line, index) => {
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
  });
  return seriesOfLines(rates);
}

/** What is wrong with a rate is told by its line: the header is the first. */
function seriesOfLines(rates: readonly HourlyRate[]): RateSeries {
  try {
    return rateSeries(rates);
  } catch (error) {
    const [, index, fault] = /^rate (\d+) of the series (.*)$/.exec(describeMessage(error)) ?? [];
    if (index === undefined) throw error;
    throw new FestError("RATE_CSV_INVALID", `line ${Number(index) + 2} ${fault}`, { cause: error });
  }
}

function describeMessage(error: unknown): string {
  return error instanceof FestError && error.code === "RATE_SERIES_INVALID" ? error.message : "";
}
