import { FestError } from "../hedera/error.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const DURATION = /^(\d{1,9})(ms|s|m)$/;

/**
 * Reads a duration such as `500ms`, `2s` or `1m` in milliseconds.
 *
 * @throws FestError `DURATION_INVALID`
 */
export function parseDurationMs(text: string): number {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  const factor = UNITS[unit ?? ""];
  if (amount === undefined || factor === undefined) {
    throw new FestError("DURATION_INVALID", `${JSON.stringify(text)} is not a duration`, {
      fix: "Write it like 500ms, 2s or 1m.",
    });
  }
  return Number(amount) * factor;
}
