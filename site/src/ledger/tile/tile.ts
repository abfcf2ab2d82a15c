import type { AlarmName } from "../../../../lib/festival/alarm/alarm.ts";
import type { Timestamp } from "../../../../lib/hedera/timestamp.ts";
import type { Tone } from "../../text/tone.ts";
import type { Filter } from "../filter.ts";

/** The five questions that an operator asks. */
export type TileName = "liveness" | "work" | "money" | "risk" | "integrity";

/** The answer to one of them. */
export interface Tile {
  readonly tone: Tone;
  /** The state, in a few words. */
  readonly said: string;
  /** The figures that it was computed from. */
  readonly facts: readonly string[];
  /** When it would be something else, in words. */
  readonly threshold: string;
  /** The consensus time of the newest evidence; null while there is none. */
  readonly at: Timestamp | null;
  /** What is wrong, as the runbook names it; null where nothing is. */
  readonly alarm: AlarmName | null;
  /** What to look at: entries of the log. */
  readonly action: { readonly text: string; readonly filter: Filter };
}
