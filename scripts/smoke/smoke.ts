import { verifyLog } from "../../lib/agent/proof/verify.ts";
import { foldAll } from "../../lib/festival/fold.ts";
import type { State } from "../../lib/festival/state.ts";
import { describeError } from "../../lib/hedera/error.ts";
import { addSeconds } from "../../lib/hedera/timestamp.ts";
import { createMirror, type Mirror } from "../../lib/mirror/client.ts";
import { allItems } from "../../lib/mirror/page.ts";
import { createWake } from "../../lib/mirror/wake.ts";
import { watchLog } from "../support/watch.ts";
import { type Check, failed, guarded, passed } from "./check.ts";
import { checkDashboard } from "./dashboard.ts";
import { checkHealth } from "./health.ts";
import { checkHeartbeats } from "./heartbeat.ts";
import { probeTask } from "./probe.ts";
import type { Subject } from "./subject.ts";

/** How smoke is to look. */
export interface SmokeOptions {
  /** Seconds to wait for a task to go from assignment to payment. */
  readonly patienceSeconds: number;
  readonly onCheck: (check: Check) => void;
}

/**
 * Looks, after a start, whether everything works: heartbeats on the ledger,
 * health endpoints, a task from assignment to payment, the page, the proof. All
 * are looked at, whatever the first ones say.
 */
export async function smoke(subject: Subject, options: SmokeOptions): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const note = (...some: readonly Check[]) => {
    checks.push(...some);
    for (const check of some) options.onCheck(check);
  };
  const mirror = createMirror({ baseUrl: subject.network.mirror });
  let state: State;
  try {
    state = await readLog(mirror, subject);
  } catch (error) {
    note(failed("log", describeError(error), "bun run doctor"));
    return checks;
  }
  const [beats, health, probe] = await Promise.all([
    several("heartbeats", "bun run status", () => checkHeartbeats(mirror, subject, state)),
    checkHealth(subject.agents),
    followTask(mirror, subject, state, options.patienceSeconds),
  ]);
  note(...beats, ...health, probe.check);
  const { network, log, dashboard: url } = subject;
  note(await checkDashboard({ url, network, log, sequence: probe.state.head?.sequence ?? 0 }));
  note(await checkProof(mirror, subject));
  return checks;
}

async function readLog(mirror: Mirror, { log }: Subject): Promise<State> {
  return foldAll(await allItems(await mirror.topicMessages({ topic: log, limit: 100, order: "asc" })));
}

async function followTask(mirror: Mirror, { log, now }: Subject, state: State, seconds: number) {
  const signal = AbortSignal.timeout(seconds * 1_000);
  const turns = watchLog({ mirror, log, wake: createWake(), signal });
  try {
    return await probeTask(turns, { mirror, state, since: now, until: addSeconds(now, seconds) });
  } catch (error) {
    return { check: failed("probe task", describeError(error), "bun run status"), state };
  }
}

async function checkProof(mirror: Mirror, { log }: Subject): Promise<Check> {
  return guarded("verify", "bun run verify", async () => {
    const { ok, entries, problems } = await verifyLog({ mirror, log, evidence: false });
    if (ok) return passed("verify", `${entries} entries verified`);
    const [first] = problems;
    return failed(
      "verify",
      `${problems.length} problems, the first: ${first?.message ?? ""}`,
      "bun run verify",
    );
  });
}

async function several(
  name: string,
  fix: string,
  look: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    return [failed(name, describeError(error), fix)];
  }
}
