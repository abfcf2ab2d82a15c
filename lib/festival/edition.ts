import type { State } from "./state.ts";

/** The number of the last edition, that of a festival that this log carries on included; 0 before the first. */
export function lastEdition({ edition, manifest }: Pick<State, "edition" | "manifest">): number {
  return edition?.number ?? manifest?.carries_on?.edition ?? 0;
}
