import type { State } from "../../../lib/festival/state.ts";
import { type Why, whyTask } from "../../../lib/festival/why.ts";
import type { LogView } from "./feed.ts";

/** A task's causal chain, as far back as the view reaches. */
export interface KnownWhy {
  readonly why: Why;
  /** The first entry that was looked at, where the edition began before it; else null. */
  readonly since: number | null;
}

/** Why a task of the current edition stands where it does; null if the edition has no such task. */
export function whyIn(view: LogView, taskId: string): KnownWhy | null {
  const { edition } = view.state;
  if (edition === null) return null;
  const first = view.entries[0]?.message.sequence ?? 1;
  const isEarlier = ({ edition: of }: State) => of?.number !== edition.number;
  const before = view.milestones.findLast(({ state }) => isEarlier(state));
  const whole = before !== undefined || first === 1;
  const from = whole ? before?.state : view.milestones[0]?.state;
  const known = from?.head?.sequence ?? 0;
  const messages = view.entries.slice(Math.max(0, known - first + 1)).map(({ message }) => message);
  const why = whyTask(messages, taskId, edition.number, from);
  return why === null ? null : { why, since: whole ? null : known + 1 };
}
