import { troubleOf } from "../ledger/link-state.ts";
import type { FrameStore } from "./frame-store.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Whether the page shows all that it can at first: the log up to its end and who
 * is alive, or why there is nothing to show. What is not part of that waits until then.
 */
export function isSettled({
  deployment,
  parameters,
  defect,
  log,
  logFollow,
  vitals,
  vitalsFollow,
}: Snapshot): boolean {
  if (deployment === null) return parameters !== null;
  if (defect !== null || troubleOf(logFollow) !== null) return true;
  // A long log without a checkpoint is read for a while, and looked at meanwhile.
  if (logFollow?.phase === "catching-up") return true;
  if (logFollow?.phase !== "live") return false;
  return log.state.manifest === null || vitals.agents.size > 0 || vitalsFollow !== null;
}

/** Resolves once that is on the screen. */
export function whenSettled(store: FrameStore<Snapshot>): Promise<void> {
  return new Promise((resolve) => {
    const leave = store.subscribe((snapshot) => {
      if (!isSettled(snapshot)) return;
      leave();
      // The views are told in the same frame; a timer comes after they were painted.
      setTimeout(resolve);
    });
  });
}
