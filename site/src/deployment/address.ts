/** The hash that leads to the start screen, where another log can be named. */
export const CHOOSE = "#choose";

/** The sequence number of the entry that a hash points at, or null if at none. */
export function entryOf(hash: string): number | null {
  const text = new URLSearchParams(hash.replace(/^#/, "")).get("entry") ?? "";
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

/** The same hash, but pointing at another entry, or at none. */
export function withEntry(hash: string, sequence: number | null): string {
  const parts = hash.replace(/^#/, "").split("&");
  const others = parts.filter((part) => part !== "" && !part.startsWith("entry="));
  return `#${[...others, ...(sequence === null ? [] : [`entry=${sequence}`])].join("&")}`;
}
