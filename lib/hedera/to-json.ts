/** Writes JSON; amounts and other `bigint` become decimal text. Indented by so many spaces, if any. */
export function toJson(value: unknown, indent?: number): string {
  const decimal = (_: string, one: unknown) => (typeof one === "bigint" ? one.toString() : one);
  return JSON.stringify(value, decimal, indent);
}
