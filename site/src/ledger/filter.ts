import { type FeedEntry, textOf, typeOf } from "./feed.ts";

/** Which entries of the log are shown. */
export interface Filter {
  /** A type's name; `""` for all, `"!"` for whatever was not accepted. */
  readonly type: string;
  /** Words that must all occur: in the entry's own text, its sender, sequence number or type. */
  readonly text: string;
}

/** Shows everything. */
export const NO_FILTER: Filter = { type: "", text: "" };

/** The filter for entries that were not accepted. */
export const NOT_ACCEPTED = "!";

/** The entries that a filter lets through, in order; the same array if it lets all through. */
export function filterEntries(entries: readonly FeedEntry[], { type, text }: Filter): readonly FeedEntry[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (type === "" && wanted.length === 0) return entries;
  return entries.filter((entry) => hasType(entry, type) && hasWords(entry, wanted));
}

function hasType(entry: FeedEntry, type: string): boolean {
  if (type === "") return true;
  return type === NOT_ACCEPTED ? entry.verdict.kind !== "accepted" : typeOf(entry) === type;
}

const haystacks = new WeakMap<FeedEntry, string>();

function hasWords(entry: FeedEntry, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  let haystack = haystacks.get(entry);
  if (haystack === undefined) {
    const { message } = entry;
    haystack = `#${message.sequence} ${entry.by} ${message.payer} ${textOf(message)}`.toLowerCase();
    haystacks.set(entry, haystack);
  }
  return wanted.every((word) => haystack.includes(word));
}

/** The types that occur, most frequent first. */
export function typesIn(
  entries: readonly FeedEntry[],
): readonly { readonly type: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const type = typeOf(entry);
    if (type !== null) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([type, count]) => ({ type, count })).toSorted((a, b) => b.count - a.count);
}
