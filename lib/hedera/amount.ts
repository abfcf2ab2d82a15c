import { FestError } from "./error.ts";

declare const unit: unique symbol;

/** An amount of HBAR in tinybars; 1 HBAR is 100,000,000 tinybars. */
export type Tinybar = bigint & { readonly [unit]?: "tinybar" };
/** An amount of a token in its smallest unit, that is without its decimals applied. */
export type TokenUnits = bigint & { readonly [unit]?: "token" };

/** Decimals of HBAR. */
export const HBAR_DECIMALS = 8;
/** Tinybars in one HBAR. */
export const TINYBARS_PER_HBAR: Tinybar = 100_000_000n;

const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/**
 * Reads a decimal number as a whole number of smallest units:
 * `parseUnits("1.25", 2)` is `125n`.
 *
 * @throws FestError `AMOUNT_INVALID` if it isn't a decimal number or has more decimals than the unit
 */
export function parseUnits(text: string, decimals: number): bigint {
  const match = DECIMAL.exec(text);
  const fraction = match?.[3] ?? "";
  if (!match || fraction.length > decimals) {
    throw new FestError(
      "AMOUNT_INVALID",
      `${JSON.stringify(text)} is not an amount with at most ${decimals} decimals`,
    );
  }
  const units = BigInt((match[2] ?? "") + fraction.padEnd(decimals, "0"));
  return match[1] === "-" ? -units : units;
}

/** Writes a whole number of smallest units as a decimal number: `formatUnits(125n, 2)` is `"1.25"`. */
export function formatUnits(units: bigint, decimals: number): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Reads an amount of HBAR such as `"12.5"`. @throws FestError `AMOUNT_INVALID` */
export function parseHbar(text: string): Tinybar {
  return parseUnits(text, HBAR_DECIMALS);
}

/** Writes tinybars as HBAR with all eight decimals. */
export function formatHbar(amount: Tinybar): string {
  return formatUnits(amount, HBAR_DECIMALS);
}
