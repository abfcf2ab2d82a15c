/** Waits until a festival of real agents is between two editions, and has said all that its figures need. */
import type { Stage } from "../../../scripts/testing/stage.ts";
import { beatsOf, spendingOf } from "./beats.ts";
import { type Ledger, readLedger } from "./ledger.ts";
import { reportsOf } from "./market.ts";
import { momentNow } from "./moment.ts";
import { agentsOf } from "./story.ts";

/** No festival takes longer than this to come to a rest. */
const PATIENCE_MS = 150_000;
const LOOK_MS = 400;
/** The ledger at a moment of rest: an edition is committed, profit reported, and every agent's spending known. */
export async function readAtRest({ mirror, log }: Pick<Stage, "mirror" | "log">): Promise<Ledger> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const seen = await readLedger(mirror, log).catch(() => null);
    if (seen !== null && isAtRest(seen)) {
      // One topic was read after the other; up to the end that is known now, both are whole.
      const ledger = await readLedger(mirror, log, endOf(seen));
      if (isAtRest(ledger)) return ledger;
    }
    await Bun.sleep(LOOK_MS);
  }
  throw new Error("the festival never came to a rest");
}

function isAtRest(ledger: Ledger): boolean {
  const last = ledger.entries.at(-1);
  if (last?.body.type !== "festival_commit") return false;
  const moment = momentNow(ledger, last.at);
  const heard = ledger.vitals.filter(({ at }) => at > last.at).length;
  const spenders = agentsOf(moment.story).filter(({ role }) => role !== "desk");
  const isKnown = spenders.every((agent) => spendingOf(beatsOf(moment, agent)) !== null);
  return heard > 0 && isKnown && reportsOf(moment).length > 0;
}

/** The consensus time of the last message of a ledger, on either topic. */
export function endOf({ entries, vitals }: Ledger): string {
  const all = [...entries, ...vitals].toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return all.at(-1)?.timestamp ?? "0.0";
}
