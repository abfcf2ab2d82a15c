import { entryText } from "./entry-words.ts";
import type { Said } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import { type Place, texts, values } from "./place.ts";
import { clockText, countText, manyText, utcText, wordsOf } from "./wording.ts";

/** What of the log is listed, and which rows of it are drawn at the moment. */
export interface Listing {
  /** What the filter lets through, newest first. */
  readonly listed: readonly Said[];
  /** What of that was there when the viewer scrolled down; the rest waits behind a button. */
  readonly held: readonly Said[];
  /** The numbers of the rows that are drawn. */
  readonly drawn: readonly number[];
}

/** The log: its counts, its filter's counts, and each row that is drawn. */
export function logPlaces(moment: Moment, { listed, held, drawn }: Listing): readonly Place[] {
  const { story, ledger } = moment;
  const { entries, taken, by } = story;
  const rows = held.filter(({ sequence }) => drawn.includes(sequence));
  const some = listed.length === entries.length ? "" : `${countText(listed.length)} of `;
  const waiting = listed.length - held.length;
  const at = (selector: string) => `.row ${selector}`;
  return [
    texts("fest-log", ".aside", `${some}${manyText(entries.length, "entry", "entries")}, all verified`),
    texts("fest-log", ".newer", ...(waiting === 0 ? [] : [`${waiting} new`])),
    texts("fest-log", "option", "all types", ...censusOf(moment)),
    texts("fest-log", at(".what"), ...rows.map((entry) => whatText(entry, by.get(entry.sequence) ?? ""))),
    texts(
      "fest-log",
      at(".said"),
      ...rows.map((entry) => {
        const { kind, problem } = taken.get(entry.sequence) ?? { kind: "accepted", problem: null };
        const verdict =
          kind === "unauthorised" ? `unauthorised: ${problem}. ` : kind === "malformed" ? "malformed: " : "";
        return `${verdict}${entryText(entry, ledger)}`.trim();
      }),
    ),
    texts("fest-log", at(".when"), ...rows.map((one) => `${clockText(one.timestamp)} #${one.sequence} ✓`)),
    values("fest-log", at("time"), "datetime", ...rows.map(({ timestamp }) => utcText(timestamp))),
    values("fest-log", ".row", "aria-setsize", ...rows.map(() => String(held.length))),
    values("fest-log", ".row", "aria-posinset", ...rows.map((row) => String(held.indexOf(row) + 1))),
  ];
}

/** Whether rows are drawn one after another and without a gap, so that none is left out. */
export function isGapless({ held, drawn }: Listing): boolean {
  const [first] = drawn;
  if (held.length === 0) return drawn.length === 0;
  const from = held.findIndex(({ sequence }) => sequence === first);
  return from >= 0 && drawn.every((sequence, index) => held[from + index]?.sequence === sequence);
}

function censusOf({ story: { entries, taken } }: Moment): readonly string[] {
  const counts = new Map<string, number>();
  for (const { body } of entries) if (body !== null) counts.set(body.type, (counts.get(body.type) ?? 0) + 1);
  const foreign = [...taken.values()].filter(({ kind }) => kind !== "accepted").length;
  const names = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...(foreign === 0 ? [] : [`not accepted (${foreign})`]),
    ...names.map(([type, count]) => `${wordsOf(type)} (${count})`),
  ];
}

function whatText({ body }: Said, by: string): string {
  const type = body === null ? "not an entry" : wordsOf(body.type);
  const to = body?.to === undefined ? "" : ` → ${body.to}`;
  return [type, body?.task_id ?? "", `${by}${to}`].filter((part) => part !== "").join(" ");
}
