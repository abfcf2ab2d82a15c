/** What work looks at, for tests: a log as it was written, and a mirror. */
import type { Body } from "../../festival/entry/entry.ts";
import type { State, Task } from "../../festival/state.ts";
import { ACCOUNTS, type TestLog } from "../../festival/testing/log.ts";
import { about, go, manifestWith, type Spec, stage } from "../../festival/testing/stage.ts";
import { createMirror, type Mirror } from "../../mirror/client.ts";
import type { WorkContext } from "../work/context.ts";

/** A manifest with a market. */
export const MARKET = manifestWith(
  {},
  {
    market: {
      fund: ACCOUNTS.fund,
      token: "0.0.2002",
      limits: {
        max_trade: 100_00000000n,
        max_position: 1_000_00000000n,
        min_balance: 1_00000000n,
        max_deviation_bps: 200,
        max_signal_age: 900,
      },
    },
  },
);

/** Tasks with the output that each delivered, and at last the one that is to be done. */
export function delivered(
  done: Readonly<Record<string, { spec: Spec; output: Record<string, unknown> }>>,
  spec: Spec,
): TestLog {
  const specs = Object.fromEntries(Object.entries(done).map(([id, one]) => [id, one.spec]));
  const log = stage({ ...specs, last: spec }, MARKET);
  for (const [id, { output }] of Object.entries(done)) {
    go(log, id, "assign", "start");
    const owed = log.the("execute", id);
    const payload: Body<"task_result">["payload"] = { status: "completed", output };
    log.discharge(owed, { ...about(owed), type: "task_result", payload });
    go(log, id, "settle");
  }
  return go(log, "last", "assign", "start");
}

/** The context of a log's last task; without a mirror for work that reads none. */
export function contextOf(log: TestLog, mirror: Mirror = NOWHERE, changes: Partial<Task> = {}): WorkContext {
  const task = { ...log.task("last"), ...changes };
  return { state: log.state, task, mirror, signal: new AbortController().signal };
}

/** The same state with its edition begun at another time. */
export function startedAt(state: State, started: bigint): State {
  return state.edition === null ? state : { ...state, edition: { ...state.edition, started } };
}

/** A mirror that nobody answers for: port 9 is closed. */
const NOWHERE = createMirror({ baseUrl: "http://127.0.0.1:9" });
