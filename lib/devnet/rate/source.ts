import { readFileSync } from "node:fs";
import { parseUnits } from "../../hedera/amount.ts";
import { FestError } from "../../hedera/error.ts";
import { csvRate } from "./csv.ts";
import { fixedRate, type RateSource } from "./fixed.ts";
import { generatedRate } from "./generated.ts";

const HBAR_EQUIVALENT = 30_000;
/** Cents may have four decimals; times 30,000 HBAR they are whole again. */
const CENT_DECIMALS = 4;
const CENTS = /^\d{1,4}(\.\d{1,4})?$/;

/**
 * Reads where the exchange rate comes from: `generated` or `generated:<seed>`,
 * `fixed:<cents an HBAR>` such as `fixed:12.5`, or the path of a file
 * `<name>.csv` (see {@link csvRate}).
 *
 * @throws FestError `RATE_INVALID`, `RATE_FILE_INVALID`
 */
export function rateSource(text: string): RateSource {
  if (text === "generated") return generatedRate();
  if (text.startsWith("generated:")) return generatedRate(text.slice("generated:".length));
  if (text.startsWith("fixed:")) return fixedCents(text.slice("fixed:".length));
  if (!text.endsWith(".csv")) throw invalid(text);
  return csvRate(readText(text));
}

function fixedCents(cents: string): RateSource {
  const units = CENTS.test(cents) ? parseUnits(cents, CENT_DECIMALS) : 0n;
  if (units === 0n) throw invalid(`fixed:${cents}`);
  return fixedRate(HBAR_EQUIVALENT, Number((units * BigInt(HBAR_EQUIVALENT)) / 10n ** BigInt(CENT_DECIMALS)));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new FestError("RATE_FILE_INVALID", `the rates in ${file} cannot be read`, { cause });
  }
}

function invalid(text: string): FestError {
  return new FestError("RATE_INVALID", `${JSON.stringify(text)} is not an exchange rate`, {
    fix: "Write generated, generated:<seed>, fixed:<cents an HBAR> or the path of a .csv file.",
  });
}
