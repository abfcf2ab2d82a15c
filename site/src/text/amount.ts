import { formatUnits, HBAR_DECIMALS, type Tinybar, type TokenUnits } from "../../../lib/hedera/amount.ts";

/** How a token's amounts are written. */
export interface TokenForm {
  readonly symbol: string;
  readonly decimals: number;
}

/** Thousands apart, no zeros at the end: `12,345.5`. */
export function formatAmount(units: bigint, decimals: number): string {
  const [whole = "0", fraction = ""] = formatUnits(units, decimals).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  const shown = fraction.replace(/0+$/, "");
  return shown === "" ? grouped : `${grouped}.${shown}`;
}

/** Token units with the token's symbol; as bare units while the token is not known. */
export function formatTokens(units: TokenUnits, token: TokenForm | null): string {
  if (token === null) return `${formatAmount(units, 0)} units`;
  return `${formatAmount(units, token.decimals)} ${token.symbol}`;
}

/** Tinybars as HBAR with the currency sign: `12.5 ℏ`. */
export function formatTinybars(amount: Tinybar): string {
  return `${formatAmount(amount, HBAR_DECIMALS)} ℏ`;
}

/** Like {@link formatTinybars}, cut to two decimals and without the sign, for narrow places. */
export function formatTinybarsShort(amount: Tinybar): string {
  return formatAmount(amount / 1_000_000n, 2);
}

/** Micro-USD as dollars, cut to cents towards zero. */
export function formatUsd(microUsd: bigint): string {
  return formatAmount(microUsd / 10_000n, 2);
}

const PRICE_DECIMALS = 6;

/**
 * The price of one HBAR in a token, cut to six decimals; null if nothing is traded.
 *
 * @param decimals of the token
 */
export function formatPrice(tinybars: Tinybar, tokens: TokenUnits, decimals: number): string | null {
  if (tinybars === 0n || tokens === 0n) return null;
  const scale = 10n ** BigInt(HBAR_DECIMALS + PRICE_DECIMALS);
  return formatAmount((tokens * scale) / (tinybars * 10n ** BigInt(decimals)), PRICE_DECIMALS);
}
