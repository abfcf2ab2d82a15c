import type { Obligation } from "./obligation.ts";
import type { State, Task } from "./state.ts";

/** Stages in which a trade's price is asked for, or is firm and may still execute. */
const OPEN = ["requested", "quoted", "proposed", "approved"] as const;

/** A task of the current edition whose trade is asked for or stands, the first in plan order; null if there is none. */
export function openTrade({ edition }: State): Task | null {
  for (const task of edition?.tasks.values() ?? []) {
    if (task.trade !== null && isOpen(task.trade.stage)) return task;
  }
  return null;
}

/**
 * Why a desk does not give a price yet, though it owes one: another of its quotes
 * stands, or was asked for before; null if it can. A pool has one price at a time.
 */
export function quoteWaits(state: State, obligation: Obligation): string | null {
  const stands = [...(state.edition?.tasks.values() ?? [])].some(
    ({ trade }) =>
      trade !== null && trade.desk === obligation.agent && trade.stage !== "requested" && isOpen(trade.stage),
  );
  if (stands) return "another quote stands";
  const owed = [...state.obligations.values()];
  const first = owed.find(({ kind, agent }) => kind === "quote" && agent === obligation.agent);
  return first === undefined || first.id === obligation.id ? null : "another price was asked for before";
}

function isOpen(stage: NonNullable<Task["trade"]>["stage"]): boolean {
  return OPEN.some((one) => one === stage);
}
