import type { Message } from "../../mirror/message.ts";
import { CHECKPOINT_INTERVAL, CHECKPOINT_NUMBERS, checkpointOf } from "../checkpoint/checkpoint.ts";
import { Draft, refuse } from "../draft.ts";
import { stampOf } from "../entry/decode.ts";
import type { Entry } from "../entry/entry.ts";
import { coordinatorOf } from "../roles.ts";
import type { State } from "../state.ts";

/** A part of the checkpoint under way; it counts if it is what the state was. */
export function checkpoint(draft: Draft, entry: Entry<"checkpoint">): void {
  const { index } = draft.discharge(entry, ["checkpoint"]);
  const { payload } = entry.body;
  const due = draft.state.checkpoint ?? refuse("no checkpoint is under way");
  const same =
    payload.sequence === due.sequence &&
    payload.part === index &&
    payload.parts === due.parts.length &&
    payload.running_hash === due.runningHash &&
    payload.state_sha256 === due.hash &&
    payload.data === due.parts[index - 1];
  if (!same) refuse(`it is not part ${index} of the state at ${due.sequence}`);
  const left = [...draft.obligations.values()].some(({ kind }) => kind === "checkpoint");
  if (!left) draft.change({ checkpoint: null, lastCheckpoint: due.sequence });
}

/**
 * The state after a message, with the obligations of a checkpoint if the message
 * is a boundary. Whoever restores the state at a boundary calls this, too, and
 * goes on as if they had folded it.
 */
export function atBoundary(state: State, message: Message): State {
  const stamp = stampOf(message);
  if (stamp.sequence % CHECKPOINT_INTERVAL !== 0) return state;
  const coordinator = coordinatorOf(state);
  const due = coordinator === undefined ? null : checkpointOf(withoutUnfinished(state), message.runningHash);
  const draft = new Draft(withoutUnfinished(state), stamp);
  draft.change({ checkpoint: due });
  for (const [index] of (due?.parts ?? []).entries()) {
    if (coordinator === undefined) break;
    draft.open("checkpoint", coordinator, { index: index + 1, number: CHECKPOINT_NUMBERS + index + 1 });
  }
  return { ...draft.state, head: state.head, verdict: state.verdict };
}

/** A checkpoint that is still being written when the next boundary comes is given up. */
function withoutUnfinished(state: State): State {
  const open = [...state.obligations].filter(([, { kind }]) => kind !== "checkpoint");
  return { ...state, checkpoint: null, obligations: new Map(open) };
}
