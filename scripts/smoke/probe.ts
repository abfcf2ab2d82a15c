import { decode } from "../../lib/festival/entry/decode.ts";
import type { Entry } from "../../lib/festival/entry/entry.ts";
import type { State } from "../../lib/festival/state.ts";
import { formatTimestamp, secondsOf, type Timestamp } from "../../lib/hedera/timestamp.ts";
import { formatTransactionId } from "../../lib/hedera/transaction-id.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import type { Turn } from "../support/watch.ts";
import { type Check, failed, passed, skipped } from "./check.ts";

const NAME = "probe task";

/** How a probe ends: the check, and how far the log was read. */
export interface Probe {
  readonly check: Check;
  readonly state: State;
}

/**
 * Follows one real task of the plan, assigned after `since`, through result,
 * gate and payment, and looks its transfer up. There is no task made for the
 * purpose: what is probed is the festival's own work, on its own money.
 *
 * @param turns the log from its beginning, ended by a signal when patience is over
 */
export async function probeTask(
  turns: AsyncIterable<Turn>,
  { mirror, state, since, until }: { mirror: Mirror; state: State; since: Timestamp; until: Timestamp },
): Promise<Probe> {
  const assigned = new Map<string, { readonly entry: number; readonly at: Timestamp }>();
  let last = state;
  for await (const { message, after } of turns) {
    last = after;
    if (message.timestamp < since || after.verdict?.kind !== "accepted") continue;
    const decoded = decode(message);
    if (decoded.kind !== "entry") continue;
    const { entry } = decoded;
    const id = taskIdOf(entry);
    if (id === null) continue;
    const key = `${after.edition?.number} ${id}`;
    if (entry.name === "task_assignment") {
      assigned.set(key, { entry: message.sequence, at: message.timestamp });
    }
    const begun = assigned.get(key);
    if (entry.name !== "payment_settled" || begun === undefined) continue;
    const transfer = entry.body.payload.transfer;
    const found = await mirror.transaction(transfer);
    const check = found?.some(({ result }) => result === "SUCCESS")
      ? passed(
          NAME,
          `task ${id} of edition ${after.edition?.number}: assigned by #${begun.entry}, passed its gate and paid by #${message.sequence} after ${secondsOf(message.timestamp - begun.at)} s, ${formatTransactionId(transfer)}`,
        )
      : failed(
          NAME,
          `the mirror node has no transfer ${formatTransactionId(transfer)} of #${message.sequence}`,
          "bun run verify",
        );
    return { check, state: after };
  }
  return { check: unfinished(last, [...assigned.keys()], until), state: last };
}

/** What it means that no task was paid in time. */
function unfinished(state: State, assigned: readonly string[], until: Timestamp): Check {
  if (assigned.length > 0) {
    return failed(
      NAME,
      `assigned but not paid in time: ${assigned.join(", ")}`,
      `bun run why ${assigned[0]?.split(" ")[1]}`,
    );
  }
  if (state.paused) return skipped(NAME, "the owner has paused the festival, so nothing is assigned");
  const open = [...state.obligations.values()].filter(({ due }) => due <= until);
  const [first] = open;
  if (first !== undefined) {
    return failed(
      NAME,
      `no task was assigned in time, though ${first.agent} owes ${first.kind} (${first.id}) since ${formatTimestamp(first.due)}`,
      first.taskId === null ? "bun run status" : `bun run why ${first.taskId}`,
    );
  }
  const next = [...state.obligations.values()].map(({ due }) => due).sort((a, b) => (a < b ? -1 : 1))[0];
  return skipped(NAME, `no task is due${next === undefined ? "" : ` before ${formatTimestamp(next)}`}`);
}

function taskIdOf(entry: Entry): string | null {
  return "task_id" in entry.body && typeof entry.body.task_id === "string" ? entry.body.task_id : null;
}
