import { describe, expect, test } from "bun:test";
import { ACCOUNTS, type TestLog } from "../../lib/festival/testing/log.ts";
import { perform } from "../../lib/festival/testing/player.ts";
import { about, go, stage } from "../../lib/festival/testing/stage.ts";
import { ending, isAtRest, lostTasks } from "./ending.ts";
import type { Excuses } from "./excuses.ts";

const [WORK, HAND, AFTER] = ["1.1.1", "1.1.2", "1.1.3"] as const;
const excuses = (...waiting: readonly string[]): Excuses => ({
  watched: 0n,
  mayBeRejected: () => false,
  mayWait: (id) => waiting.includes(id),
});
/** Work for an agent, a task for a person, and one that waits for the person. */
const begun = () =>
  stage({ [WORK]: {}, [HAND]: { kind: "manual", role: "owner" }, [AFTER]: { depends_on: [HAND] } });
const paid = (log: TestLog) => go(log, WORK, "assign", "start", "execute", "settle");

describe("an edition that waits for a person who may never come", () => {
  test("is at rest when all else is done, and that is no fault", () => {
    const log = begun();
    expect(isAtRest(log.state, excuses(HAND))).toBe(false);
    paid(log);
    expect(isAtRest(log.state, excuses(HAND))).toBe(true);
    expect(ending(log.state, excuses(HAND))).toEqual([]);
  });

  test("is unfinished if that person always comes", () => {
    const { state } = paid(begun());
    expect(isAtRest(state, excuses())).toBe(false);
    expect(ending(state, excuses())).toHaveLength(4);
    expect(lostTasks(state, excuses()).map(({ id }) => id)).toEqual([HAND, AFTER]);
  });
});

test("a task that was withdrawn failed for a reason, and so did what needs it", () => {
  const log = paid(begun());
  const said = { v: 1, type: "task_withdrawn", task_id: HAND } as const;
  log.say({ ...said, payload: { reason: "no need" } }, ACCOUNTS.owner);
  const owed = log.the("fail", AFTER);
  const reason = `it needs ${HAND}, which failed`;
  log.discharge(owed, { ...about(owed), type: "task_failed", payload: { attempt: 0, reason } });
  expect(ending(log.state, excuses())).toEqual([
    "the log has no commit",
    expect.stringMatching(/^obligations are left over: \S+ \(commit \)$/),
  ]);
  perform(log, log.the("commit"));
  expect(ending(log.state, excuses())).toEqual([]);
});
