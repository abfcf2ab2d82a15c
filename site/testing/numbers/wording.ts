/** How the page writes figures, said a second time: no code of the page is in here, so that neither can hide the other's slip. */

/** Thousands apart, no zeros at the end. */
export function amountText(units: bigint | number | string, decimals: number): string {
  const whole = BigInt(units);
  const scale = 10n ** BigInt(decimals);
  const size = whole < 0n ? -whole : whole;
  const fraction = (size % scale).toString().padStart(decimals, "0").replace(/0+$/, "");
  const grouped = countText(size / scale);
  return `${whole < 0n ? "-" : ""}${grouped}${decimals === 0 || fraction === "" ? "" : `.${fraction}`}`;
}

/** A whole number, thousands apart. */
export function countText(count: bigint | number): string {
  return count.toLocaleString("en-US");
}

/** So many things: `1 entry`, `12 entries`. */
export function manyText(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** HBAR of tinybars, cut to cents. */
export function hbarText(tinybars: bigint | string): string {
  return amountText(BigInt(tinybars) / 1_000_000n, 2);
}

/** Dollars of micro-USD, cut to cents. */
export function usdText(micro: bigint | string): string {
  return amountText(BigInt(micro) / 10_000n, 2);
}

/** Seconds in their two largest units. */
export function secondsText(seconds: number | bigint): string {
  const whole = Math.max(0, Number(seconds));
  const units = [
    [86_400, "d", 3_600, "h"],
    [3_600, "h", 60, "min"],
    [60, "min", 1, "s"],
  ] as const;
  const found = units.find(([size]) => whole >= size);
  if (found === undefined) return `${whole} s`;
  const [size, name, small, smallName] = found;
  const rest = Math.floor((whole % size) / small);
  return `${Math.floor(whole / size)} ${name}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

/** Milliseconds of work. */
export function millisText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${Math.floor(milliseconds / 100) / 10} s`;
  return secondsText(Math.floor(milliseconds / 1_000));
}

/** How long ago something was. */
export function agoText(at: bigint, now: bigint): string {
  return `${secondsText((now - at) / 1_000_000_000n)} ago`;
}

/** A share of one. */
export function percentText(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** Hundredths of a percent. */
export function bpsText(basisPoints: number | bigint): string {
  return `${amountText(basisPoints, 2)}%`;
}

/** Nanoseconds of a consensus timestamp. */
export function nanosOf(timestamp: string): bigint {
  const [seconds = "0", nanos = "0"] = timestamp.split(".");
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

/** A consensus timestamp in full, in UTC. */
export function utcText(timestamp: string): string {
  const [seconds = "0", nanos = ""] = timestamp.split(".");
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19)}.${nanos.padEnd(9, "0")}Z`;
}

/** Where the test's viewer is, and by how much the clock differs there: not where the ledger's UTC is, nor by whole hours. */
export const VIEWER = { zone: "Asia/Kolkata", seconds: 19_800 } as const;

/** The time of day of a consensus timestamp where the viewer is. */
export function clockText(timestamp: string): string {
  const [seconds = "0"] = timestamp.split(".");
  return new Date((Number(seconds) + VIEWER.seconds) * 1_000).toISOString().slice(11, 19);
}

/** A name in snake case as words. */
export function wordsOf(name: string): string {
  return name.replaceAll("_", " ");
}
