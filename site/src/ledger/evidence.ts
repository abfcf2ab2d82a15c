import { type FeedEntry, type LogView, taskOf } from "./feed.ts";

/** All accepted entries of one edition about the task of an entry, in order; the entry alone where it has no task. */
export function entriesAbout({ entries }: LogView, entry: FeedEntry): readonly FeedEntry[] {
  const task = taskOf(entry);
  if (task === null || entry.verdict.kind !== "accepted") return [entry];
  const at = entries.indexOf(entry);
  const from = entries.findLastIndex((one, index) => index < at && isEdition(one));
  const next = entries.findIndex((one, index) => index > at && isEdition(one));
  const edition = entries.slice(Math.max(from, 0), next < 0 ? undefined : next);
  return edition.filter((one) => taskOf(one) === task && one.verdict.kind === "accepted");
}

/** The number of the manifest that was in force when an entry was said; null if there was none. */
export function manifestFor({ entries, state }: LogView, entry: FeedEntry): number | null {
  const at = entries.indexOf(entry);
  const said = entries
    .slice(0, at + 1)
    .findLast(({ decoded, verdict }) => isNamed(decoded, "manifest") && verdict.kind === "accepted");
  if (said !== undefined) return said.message.sequence;
  // A view that begins at a checkpoint does not hold it, and knows its number.
  const first = entries[0]?.message.sequence ?? 1;
  const { manifestSequence } = state;
  return first > 1 && manifestSequence !== null && manifestSequence < first ? manifestSequence : null;
}

function isEdition({ decoded, verdict }: FeedEntry): boolean {
  return (
    verdict.kind === "accepted" &&
    decoded.kind === "entry" &&
    decoded.entry.body.type === "festival_plan" &&
    decoded.entry.body.payload.part === 1
  );
}

function isNamed(decoded: FeedEntry["decoded"], name: string): boolean {
  return decoded.kind === "entry" && decoded.entry.name === name;
}
