import { describe, expect, test } from "bun:test";
import { addSeconds } from "../../hedera/timestamp.ts";
import { NOW, SCENARIOS } from "../testing/alarms.ts";
import { go, stage } from "../testing/stage.ts";
import { ALARMS, alarm } from "./alarm.ts";
import { judge } from "./judge.ts";
import { DEFAULT_THRESHOLDS, type Sight, type Thresholds } from "./sight.ts";

function judged(sight: Sight, change: Partial<Thresholds> = {}): readonly string[] {
  return judge(sight, { ...DEFAULT_THRESHOLDS, ...change }).map(({ name }) => name);
}

describe("an alarm", () => {
  test.each(Object.entries(SCENARIOS))("%s fires alone while its cause lasts", (name, { bad, well }) => {
    const alarms = judge(bad, DEFAULT_THRESHOLDS);
    expect(new Set<string>(alarms.map((one) => one.name))).toEqual(new Set([name]));
    expect(judged(well)).toEqual([]);
    for (const { message, severity } of alarms) {
      expect(message.length).toBeGreaterThan(10);
      expect(["critical", "warning"]).toContain(severity);
    }
  });

  test("has a scenario of its own, save the one that tells of a look that failed", () => {
    expect([...Object.keys(SCENARIOS), "ledger_unreadable"].toSorted()).toEqual(
      Object.keys(ALARMS).toSorted(),
    );
  });

  test("is the same at every look at the same sight", () => {
    for (const { bad } of Object.values(SCENARIOS)) {
      expect(judge(bad, DEFAULT_THRESHOLDS)).toEqual(judge(bad, DEFAULT_THRESHOLDS));
    }
  });
});

describe("many alarms of a kind", () => {
  const { well } = SCENARIOS.chain_gap;
  const drifting = (count: number) => {
    const topics = Array.from({ length: count }, (_, at) => ({ topic: `0.0.${at}`, message: `topic ${at}` }));
    return judge({ ...well, keyDrift: topics }, DEFAULT_THRESHOLDS);
  };

  test("are told one by one while they are few, and as one when they are many", () => {
    expect(drifting(5).map(({ about }) => about)).toEqual(["0.0.0", "0.0.1", "0.0.2", "0.0.3", "0.0.4"]);
    expect(drifting(6)).toEqual([
      {
        name: "submit_key_changed",
        about: "several",
        severity: "critical",
        message: "6 at once, such as: topic 0; topic 1; topic 2",
      },
    ]);
  });
});

test("what others wrote cannot steer a terminal by way of an alarm", () => {
  const { message } = alarm("task_blocked", "1 1.1.1", "no\u001b[2J\nCRITICAL:\u202E all lost");
  expect(message).toBe("no [2J CRITICAL:  all lost");
  expect(alarm("task_blocked", "x", "a".repeat(9_999)).message).toHaveLength(500);
});

describe("what is judged", () => {
  const { bad: gone, well } = SCENARIOS.agent_silent;

  test("wants the owner for a payment that waits for a signature, until it is settled", () => {
    const log = stage({ "1.1.1": { reward: 5_000n, approval: "owner" } });
    go(log, "1.1.1", "assign", "start", "execute", "settle");
    const waiting = judge({ ...well, state: log.state }, DEFAULT_THRESHOLDS);
    expect(waiting).toMatchObject([{ name: "owner_wanted", about: "1 1.1.1", severity: "warning" }]);
    go(log, "1.1.1", "confirm");
    expect(judged({ ...well, state: log.state })).toEqual([]);
  });

  test("is graver for an account that lasts no day", () => {
    const agents = well.agents.map((agent) => ({ ...agent, balance: 1n }));
    const alarms = judge({ ...well, agents }, DEFAULT_THRESHOLDS);
    expect(alarms.map(({ severity }) => severity)).toEqual(agents.map(() => "critical"));
  });

  test("says of an account that does not exist that it does not", () => {
    const agents = gone.agents
      .slice(1, 2)
      .map((agent) => ({ ...agent, balance: null, signs: well.agents[1]?.signs }));
    const [alarm] = judge({ ...gone, agents }, DEFAULT_THRESHOLDS);
    expect(alarm).toMatchObject({ name: "low_runway", severity: "critical" });
  });

  test("holds nothing against anybody that a pause holds up", () => {
    const { bad } = SCENARIOS.obligation_overdue;
    expect(judged(bad)).toContain("obligation_overdue");
    expect(judged({ ...bad, state: { ...bad.state, paused: true } })).toEqual([]);
  });

  test("keeps to the thresholds that were chosen", () => {
    expect(judged(SCENARIOS.low_runway.bad, { runwayDays: 3 })).toEqual([]);
    expect(judged(SCENARIOS.unauthorised_entries.bad, { unauthorised: 2 })).toEqual([]);
    expect(judged(SCENARIOS.drawdown.bad, { drawdownBps: 1_300 })).toEqual([]);
    expect(judged(SCENARIOS.agent_restarting.bad, { starts: 5 })).toEqual([]);
    expect(judged(SCENARIOS.off_baseline.bad, { offBaseline: 4 })).toEqual([]);
    expect(judged(SCENARIOS.obligation_overdue.bad, { overdueSeconds: 2_000 })).toEqual([]);
  });

  test("takes an orderly stop for silence only once it lasts", () => {
    const soon = SCENARIOS.agent_restarting.well;
    const stop = soon.agents.map((agent) => {
      const [, newest = agent.signs?.newest] = agent.recent;
      const isStopped = newest?.name === "agent_stopped" && agent.signs !== undefined;
      return isStopped && newest !== undefined ? { ...agent, signs: { ...agent.signs, newest } } : agent;
    });
    const sight = { ...soon, agents: stop };
    expect(judged(sight)).toEqual([]);
    const later = addSeconds(NOW, 700);
    const silent = judge({ ...sight, now: later }, { ...DEFAULT_THRESHOLDS, overdueSeconds: 9_999 });
    expect(silent.find(({ about }) => about === "inference-001")?.message).toContain("was stopped");
  });
});
