import { agentsOf } from "../../../../lib/festival/roles.ts";
import type { State } from "../../../../lib/festival/state.ts";
import { addSeconds, type Timestamp } from "../../../../lib/hedera/timestamp.ts";
import { formatTokens, type TokenForm } from "../../text/amount.ts";
import { plural } from "../../text/count.ts";
import { formatSeconds } from "../../text/time.ts";
import { spendingOf } from "../runway.ts";
import type { VitalsView } from "../vitals.ts";
import type { Tile } from "./tile.ts";

/** Seconds after which a payment that is owed counts as late. */
const LATE = 60n;
const HOUR = 3_600n;
const DAY = 24n * HOUR;

/** Is everything paid, and for how long can it be? */
export function moneyTile(state: State, vitals: VitalsView, token: TokenForm | null, now: Timestamp): Tile {
  const { edition, manifest } = state;
  const owed = [...state.obligations.values()].filter(({ kind }) => kind === "settle");
  const late = owed.filter(({ due }) => addSeconds(due, LATE) < now);
  const tasks = [...(edition?.tasks.values() ?? [])];
  const failing = tasks.filter(({ failedPayments, state }) => failedPayments > 0 && state !== "paid");
  const shortest = shortestRunway(state, vitals);
  const limit = manifest?.limits.edition;
  const budget = limit === undefined ? "" : ` of ${formatTokens(limit, token)}`;
  const base = {
    alarm: null,
    threshold: `a payment is late after ${formatSeconds(LATE)}; HBAR for a day is little, for an hour too little`,
    at: state.head?.timestamp ?? null,
    action: {
      text: "Payments",
      filter: { type: failing.length > 0 ? "payment_failed" : "payment_settled", text: "" },
    },
    facts: [
      ...(edition === null ? [] : [`${formatTokens(edition.amount, token)}${budget} paid`]),
      `${owed.length} owed`,
      `${failing.length} failing`,
      shortest === null
        ? "runway not known yet"
        : `${shortest.id}'s HBAR lasts ${formatSeconds(shortest.seconds)}`,
    ],
  };
  if (manifest === null) return { ...base, tone: "idle", said: "nothing to pay" };
  if (failing.length > 0)
    return {
      ...base,
      alarm: "payment_failed",
      tone: "bad",
      said: `${plural(failing.length, "payment")} failing`,
    };
  if (shortest !== null && shortest.seconds < HOUR)
    return { ...base, alarm: "low_runway", tone: "bad", said: `${shortest.id} runs out of HBAR` };
  if (late.length > 0)
    return {
      ...base,
      alarm: "obligation_overdue",
      tone: "wait",
      said: `${plural(late.length, "payment")} late`,
    };
  if (shortest !== null && shortest.seconds < DAY)
    return {
      ...base,
      alarm: "low_runway",
      tone: "wait",
      said: `HBAR for ${formatSeconds(shortest.seconds)}`,
    };
  return {
    ...base,
    tone: "ok",
    said: owed.length === 0 ? "nothing owed" : `${plural(owed.length, "payment")} under way`,
  };
}

function shortestRunway(
  state: State,
  vitals: VitalsView,
): { readonly id: string; readonly seconds: bigint } | null {
  let shortest: { readonly id: string; readonly seconds: bigint } | null = null;
  for (const { id, role } of agentsOf(state)) {
    // The desk's HBAR is what it trades with.
    if (role === "desk") continue;
    const seconds = spendingOf(vitals.agents.get(id))?.runwaySeconds ?? null;
    if (seconds !== null && (shortest === null || seconds < shortest.seconds)) shortest = { id, seconds };
  }
  return shortest;
}
