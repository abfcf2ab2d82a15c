import { expect, test } from "bun:test";
import { RATE_CSV_HEADER, seriesOfCsv } from "./rate-csv.ts";

const GOOD = `${RATE_CSV_HEADER}\n0,724333,30000\n3600,724168,30000\n`;

test("rates are read from CSV, with either line ending", () => {
  const series = seriesOfCsv(GOOD);
  expect(series).toHaveLength(2);
  expect(series[1]).toEqual({ hourStart: 3_600, centEquivalent: 724_168, hbarEquivalent: 30_000 });
  expect(seriesOfCsv(GOOD.replaceAll("\n", "\r\n"))).toEqual(series);
});

test.each([
  ["", "RATE_CSV_INVALID", "begins with"],
  ["hour,cents,hbar\n", "RATE_CSV_INVALID", "begins with"],
  [`${GOOD}7200,x,30000`, "RATE_CSV_INVALID", "line 4"],
  [`${GOOD}7200,1.5,30000`, "RATE_CSV_INVALID", "line 4"],
  [`${GOOD}\n7200,1,30000`, "RATE_CSV_INVALID", "line 4"],
  [`${GOOD}9999,1,30000`, "RATE_CSV_INVALID", "line 4 starts at 9999"],
  [`${GOOD}10800,1,30000`, "RATE_CSV_INVALID", "line 4 starts at 10800, not one hour after"],
  [`${RATE_CSV_HEADER}\n0,1,1`, "RATE_SERIES_INVALID", "too short"],
])("CSV %j is refused", (text, code, where) => {
  expect(() => seriesOfCsv(text)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(where) }),
  );
});
