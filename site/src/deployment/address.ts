import { formatTimestamp, parseTimestamp, type Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Filter } from "../ledger/filter.ts";

/** The hash that leads to the start screen, where another log can be named. */
export const CHOOSE = "#choose";

/** The sequence number of the entry that a hash points at, or null if at none. */
export function entryOf(hash: string): number | null {
  const text = new URLSearchParams(hash.replace(/^#/, "")).get("entry") ?? "";
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

/** The id of the task that a hash points at, or null if at none. */
export function taskOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("task") || null;
}

/** The moment of consensus time that a hash shows, or null for now. */
export function momentOf(hash: string): Timestamp | null {
  const text = new URLSearchParams(hash.replace(/^#/, "")).get("t") ?? "";
  return /^\d{1,12}(\.\d{1,9})?$/.test(text) ? parseTimestamp(text) : null;
}

/** Which entries of the log a hash shows. */
export function filterOf(hash: string): Filter {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  return { type: found.get("type") ?? "", text: found.get("q") ?? "" };
}

/** The same hash with other values of these parameters; null takes one away. */
export function withParameters(hash: string, values: Readonly<Record<string, string | null>>): string {
  const parts = hash.replace(/^#/, "").split("&");
  const others = parts.filter((part) => part !== "" && !(part.slice(0, part.indexOf("=")) in values));
  const added = Object.entries(values).flatMap(([name, value]) =>
    value === null || value === "" ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `#${[...others, ...added].join("&")}`;
}

/** The same hash, but pointing at another entry, or at none. */
export function withEntry(hash: string, sequence: number | null): string {
  return withParameters(hash, { entry: sequence === null ? null : String(sequence) });
}

/** The same hash, but pointing at another task. */
export function withTask(hash: string, task: string): string {
  return withParameters(hash, { task });
}

/** The same hash, but at another moment, or live. */
export function withMoment(hash: string, moment: Timestamp | null): string {
  return withParameters(hash, { t: moment === null ? null : formatTimestamp(moment) });
}

/** The same hash with another filter of the log. */
export function withFilter(hash: string, { type, text }: Filter): string {
  return withParameters(hash, { type, q: text });
}
