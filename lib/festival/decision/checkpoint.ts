import type { Body } from "../entry/entry.ts";
import type { Obligation } from "../obligation.ts";
import type { State } from "../state.ts";

/** What discharges `checkpoint`: the part of the state that is owed. Null if none is under way. */
export function checkpointPart(state: State, obligation: Obligation): Body<"checkpoint"> | null {
  const { checkpoint } = state;
  const data = checkpoint?.parts[obligation.index - 1];
  if (checkpoint === null || data === undefined) return null;
  const payload = {
    sequence: checkpoint.sequence,
    part: obligation.index,
    parts: checkpoint.parts.length,
    running_hash: checkpoint.runningHash,
    state_sha256: checkpoint.hash,
    data,
  };
  return { v: 1, type: "checkpoint", re: obligation.id, payload };
}
