/** A moment at which the page is looked at: what of the ledger there was by then, and what time it was. */
import type { Ledger, Said } from "./ledger.ts";
import { type Story, storyOf } from "./story.ts";

/** What figures are computed from. */
export interface Moment {
  readonly ledger: Ledger;
  readonly story: Story;
  readonly vitals: readonly Said[];
  /** The moment that is shown, which ages are measured to, in nanoseconds. */
  readonly now: bigint;
  /** What the viewer's clock says. */
  readonly clock: bigint;
  /** The consensus time that the page was led back to; null for now. */
  readonly past: string | null;
}

/** The ledger as it is, to a viewer with such a clock. */
export function momentNow(ledger: Ledger, clock: bigint): Moment {
  const { entries, vitals } = ledger;
  return { ledger, story: storyOf(entries), vitals, now: clock, clock, past: null };
}

/** The ledger as it was when an entry had just reached consensus. */
export function momentOf(ledger: Ledger, entry: Said, clock: bigint): Moment {
  const until = ({ at }: Said) => at <= entry.at;
  const story = storyOf(ledger.entries.filter(until));
  return { ledger, story, vitals: ledger.vitals.filter(until), now: entry.at, clock, past: entry.timestamp };
}

/** The last entry that there was. */
export function headOf({ story }: Moment): Said {
  const head = story.entries.at(-1);
  if (head === undefined) throw new Error("the log has no entry");
  return head;
}
