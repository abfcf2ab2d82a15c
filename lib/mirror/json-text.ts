/** A number that is written with exactly these digits (TC39 "JSON.parse source text access"). */
const raw = (digits: string): unknown =>
  "rawJSON" in JSON && typeof JSON.rawJSON === "function" ? JSON.rawJSON(digits) : Number(digits);

/** Writes what `parseJson` read, long integers as the bare numbers that they were. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === "bigint" ? raw(one.toString()) : one));
}
