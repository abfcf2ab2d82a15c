import type { State } from "../../../../lib/festival/state.ts";
import { plural } from "../../text/count.ts";
import { NOT_ACCEPTED } from "../filter.ts";
import type { Proof } from "../proof.ts";
import type { Tile } from "./tile.ts";

/** Is the log what the network agreed on, and does it say what happened? */
export function integrityTile(state: State, proof: Proof): Tile {
  const { counts } = state;
  const foreign = counts.unauthorised + counts.refused + counts.malformed;
  const [objection] = proof.objections;
  const base = {
    alarm: null,
    threshold: "one entry that does not verify is an alarm; entries that do not count are shown",
    at: state.head?.timestamp ?? null,
    action:
      objection === undefined
        ? { text: "What does not count", filter: { type: NOT_ACCEPTED, text: "" } }
        : { text: `Entry #${objection.sequence}`, filter: { type: "", text: `#${objection.sequence}` } },
    facts: [
      `chain verified up to #${proof.upTo} of ${proof.entries}`,
      `${proof.payments.matched} of ${plural(proof.payments.total, "payment")} found`,
      `${plural(foreign, "entry does", "entries do")} not count`,
    ],
  };
  if (objection !== undefined) {
    return { ...base, alarm: "chain_gap", tone: "bad", said: `#${objection.sequence}: ${objection.reason}` };
  }
  if (proof.entries === 0) return { ...base, tone: "idle", said: "nothing to verify" };
  if (proof.verdict === "working") return { ...base, tone: "work", said: "verifying" };
  if (counts.unauthorised > 0) {
    return {
      ...base,
      alarm: "unauthorised_entries",
      tone: "wait",
      said: `verified, ${counts.unauthorised} unauthorised`,
    };
  }
  return { ...base, tone: "ok", said: "verified" };
}
