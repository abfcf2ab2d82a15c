import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Timestamp, timestampOf } from "../../hedera/timestamp.ts";
import { csvRate } from "./csv.ts";
import { generatedRate } from "./generated.ts";
import { rateSource } from "./source.ts";

const HOUR = 3_600n;
const HEADER = "hour_start_timestamp,cent_equivalent,hbar_equivalent";
/** Rates of the hours 10, 11 and 13 since 1970. */
const CSV = `${HEADER}\n${10n * HOUR},100,30000\n${11n * HOUR},110,30000\n${13n * HOUR},130,30000\n`;
const at = (hour: bigint, seconds = 0n): Timestamp => timestampOf(hour * HOUR + seconds);
const directory = mkdtempSync(join(tmpdir(), "fest-rate-"));
afterAll(() => rmSync(directory, { recursive: true }));

describe("rates from a CSV", () => {
  const rate = csvRate(CSV);

  test.each([
    ["before its first hour, the first", 2n, 100],
    ["in an hour, that hour's", 11n, 110],
    ["in a gap, the one before", 12n, 110],
    ["in its last hour, the last", 13n, 130],
    ["long after, still the last", 99n, 130],
  ])("are: %s", (_, hour, centEquivalent) => {
    const expected = {
      centEquivalent,
      hbarEquivalent: 30_000,
      expirationSeconds: Number((hour + 1n) * HOUR),
    };
    expect(rate(at(hour))).toEqual(expected);
    expect(rate(at(hour, 3_599n))).toEqual(expected);
  });

  test.each([
    ["another header", "a,b,c\n36000,1,1"],
    ["no rate", `${HEADER}\n`],
    ["a start that is not the hour's", `${HEADER}\n36001,1,1`],
    ["a rate of nothing", `${HEADER}\n36000,0,1`],
    ["a decimal", `${HEADER}\n36000,1.5,1`],
    ["hours that go back", `${HEADER}\n39600,1,1\n36000,1,1`],
  ])("with %s are refused, and the line is named", (_, text) => {
    expect(() => csvRate(text)).toThrow(/^line \d of the rates cannot be used/);
  });
});

describe("the text that says where the rate comes from", () => {
  test("may name the generator, and its seed", () => {
    expect(rateSource("generated")(at(400_000n))).toEqual(generatedRate()(at(400_000n)));
    expect(rateSource("generated:mine")(at(400_000n))).toEqual(generatedRate("mine")(at(400_000n)));
  });

  test.each([
    ["fixed:12", 360_000],
    ["fixed:7.0001", 210_003],
  ])("%p fixes the cents an HBAR", (text, centEquivalent) => {
    expect(rateSource(text)(at(5n))).toMatchObject({ centEquivalent, hbarEquivalent: 30_000 });
  });

  test("may name a file", () => {
    const file = join(directory, "rates.csv");
    writeFileSync(file, CSV);
    expect(rateSource(file)(at(11n)).centEquivalent).toBe(110);
  });

  test.each(["", "fixed:", "fixed:0", "fixed:1.00001", "market", "fixed:-1"])("%p is refused", (text) => {
    expect(() => rateSource(text)).toThrow("is not an exchange rate");
  });

  test("is refused where the file is not there", () => {
    expect(() => rateSource(join(directory, "none.csv"))).toThrow("cannot be read");
  });
});
