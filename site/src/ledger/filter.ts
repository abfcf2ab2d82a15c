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

/** What there is to choose from. */
export interface Census {
  /** The types that occur, by name. */
  readonly types: readonly { readonly type: string; readonly count: number }[];
  /** How many entries were not accepted. */
  readonly notAccepted: number;
}

/** Counts entries by type and by whether they were accepted. */
export function censusOf(entries: readonly FeedEntry[]): Census {
  const counts = new Map<string, number>();
  let notAccepted = 0;
  for (const entry of entries) {
    const type = typeOf(entry);
    if (type !== null) counts.set(type, (counts.get(type) ?? 0) + 1);
    if (entry.verdict.kind !== "accepted") notAccepted += 1;
  }
  const types = [...counts].map(([type, count]) => ({ type, count }));
  return { types: types.toSorted((a, b) => (a.type < b.type ? -1 : 1)), notAccepted };
}
